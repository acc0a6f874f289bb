//! How values of any shape are written into a request (OpenAPI 3.0, "Style Values"; RFC 6570 for paths).

use serde::Serialize;

use super::{AnyStyle, Part};
use crate::runtime::encoding::percent::push_value;
use crate::runtime::error::Error;
use crate::runtime::request::path::push_segment;
use crate::runtime::request::{RequestWriter, check_cookie_name};
use crate::runtime::styles as any;

impl RequestWriter {
    /// A value of any shape in the path.
    ///
    /// # Errors
    /// As [`path_value`](Self::path_value), for each part of the value; and if it has none.
    pub fn any_in_path(
        &mut self,
        name: &'static str,
        value: &(impl Serialize + ?Sized),
        style: AnyStyle,
    ) -> Result<(), Error> {
        let data = any::data(name, value)?;
        let (prefix, separator) = match style {
            AnyStyle::Label { explode: true } => (".", "."),
            AnyStyle::Label { explode: false } => (".", ","),
            AnyStyle::Matrix { explode: true } => (";", ";"),
            AnyStyle::Matrix { explode: false } => (";", ","),
            _ => ("", ","),
        };
        let is_list = data.is_array() || data.is_object();
        let is_named = matches!(style, AnyStyle::Matrix { explode } if explode || !is_list);
        let parts = match style {
            AnyStyle::Json => vec![Part::text(data.to_string())],
            _ if is_named => any::exploded(name, &data).into_iter().map(Part::pair).collect(),
            _ => any::parts(&data, style.explodes()),
        };
        if parts.is_empty() {
            return Err(Error::invalid_argument(name, "must not be empty"));
        }
        let path = self.path_mut();
        path.push_str(prefix);
        if style == (AnyStyle::Matrix { explode: false }) && is_list {
            push_segment(path, name, name)?;
            path.push('=');
        }
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                path.push_str(separator);
            }
            if let Some(property) = &part.name {
                push_segment(path, name, property)?;
                // An empty value leaves the name alone, which is no empty segment (RFC 6570, section 3.2.7).
                if is_named && part.text.is_empty() {
                    continue;
                }
                path.push('=');
            }
            push_segment(path, name, &part.text)?;
        }
        Ok(())
    }

    /// A value of any shape in the query; nothing at all if it is empty.
    ///
    /// # Errors
    /// If the value cannot be JSON.
    pub fn any_in_query(
        &mut self,
        name: &'static str,
        value: &(impl Serialize + ?Sized),
        style: AnyStyle,
    ) -> Result<(), Error> {
        let data = any::data(name, value)?;
        let pairs = match style {
            AnyStyle::Json => vec![(name.to_owned(), data.to_string())],
            AnyStyle::Deep => any::deep(name, &data),
            AnyStyle::Delimited(style) => {
                let texts: Vec<_> = any::parts(&data, false).into_iter().map(|part| part.text).collect();
                self.query_list(name, &texts, style);
                Vec::new()
            }
            _ => any::exploded(name, &data),
        };
        for (name, text) in &pairs {
            self.push_query(name, text);
        }
        Ok(())
    }

    /// A value of any shape in a header; nothing at all if it is empty.
    ///
    /// # Errors
    /// As [`header`](Self::header), and if the value cannot be JSON.
    pub fn any_in_header(
        &mut self,
        name: &'static str,
        value: &(impl Serialize + ?Sized),
        style: AnyStyle,
    ) -> Result<(), Error> {
        let text = with_commas(name, value, style)?;
        text.map_or(Ok(()), |text| self.header(name, &text))
    }

    /// A value of any shape in a cookie, as a query would have it, with `&` and `,` between its parts; nothing at all if it is
    /// empty.
    ///
    /// # Errors
    /// As [`cookie`](Self::cookie), and if the value cannot be JSON.
    pub fn any_in_cookie(
        &mut self,
        name: &'static str,
        value: &(impl Serialize + ?Sized),
        style: AnyStyle,
    ) -> Result<(), Error> {
        check_cookie_name(name)?;
        let data = any::data(name, value)?;
        let pairs = match style {
            AnyStyle::Json => vec![format!("{name}={}", encoded(&data.to_string()))],
            AnyStyle::Exploded => {
                let named = |property: &str| if property == name { name.to_owned() } else { encoded(property) };
                let pairs = any::exploded(name, &data).into_iter();
                pairs.map(|(property, text)| format!("{}={}", named(&property), encoded(&text))).collect()
            }
            _ => {
                let texts: Vec<_> = any::parts(&data, false).iter().map(|part| encoded(&part.text)).collect();
                if texts.is_empty() { Vec::new() } else { vec![format!("{name}={}", texts.join(","))] }
            }
        };
        if !pairs.is_empty() {
            self.push_cookie_text(&pairs.join("&"));
        }
        Ok(())
    }

    /// The body, as `application/x-www-form-urlencoded`. Lists in `deep_fields` are written as `name[0]=value`.
    ///
    /// # Errors
    /// If the body is no object.
    pub fn form(&mut self, body: &impl Serialize, deep_fields: &[&str]) -> Result<(), Error> {
        let data = any::data("body", body)?;
        let fields = any::form(&data, deep_fields).or_else(|| data.is_null().then(Vec::new));
        let fields = fields.ok_or_else(|| Error::invalid_argument("body", "a form must be an object"))?;
        let mut text = String::new();
        for (name, value) in &fields {
            if !text.is_empty() {
                text.push('&');
            }
            push_value(&mut text, name);
            text.push('=');
            push_value(&mut text, value);
        }
        self.bytes("application/x-www-form-urlencoded", text.into());
        Ok(())
    }
}

fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    push_value(&mut encoded, text);
    encoded
}

/// `None` when there is nothing to write.
fn with_commas(
    name: &'static str,
    value: &(impl Serialize + ?Sized),
    style: AnyStyle,
) -> Result<Option<String>, Error> {
    let data = any::data(name, value)?;
    if style == AnyStyle::Json {
        return Ok(Some(data.to_string()));
    }
    let parts: Vec<_> = any::parts(&data, style.explodes()).iter().map(ToString::to_string).collect();
    Ok((!parts.is_empty()).then(|| parts.join(",")))
}
