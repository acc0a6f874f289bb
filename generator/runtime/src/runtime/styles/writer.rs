//! Writes values of any shape into a request (OpenAPI 3.0, "Style Values"; RFC 6570 for paths).

use serde::Serialize;

use super::{AnyStyle, Part};
use crate::runtime::encoding::percent::push_value;
use crate::runtime::error::Error;
use crate::runtime::request::path::{check_last_segment, push_part};
use crate::runtime::request::{RequestWriter, check_cookie_name};
use crate::runtime::styles as any;

impl RequestWriter {
    /// Appends a value of any shape to the path.
    ///
    /// # Errors
    ///
    /// A part has control characters, the value has no parts, or the segment that it is in is empty, `.` or `..`.
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
            push_part(path, name, name)?;
            path.push('=');
        }
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                path.push_str(separator);
            }
            if let Some(property) = &part.name {
                push_part(path, name, property)?;
                // An empty value is written as the name only (RFC 6570, section 3.2.7).
                if is_named && part.text.is_empty() {
                    continue;
                }
                path.push('=');
            }
            push_part(path, name, &part.text)?;
        }
        check_last_segment(path, name)
    }

    /// Adds a value of any shape to the query, or nothing if it is empty.
    ///
    /// # Errors
    ///
    /// The value cannot be JSON.
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
                let strings: Vec<_> = any::parts(&data, false).into_iter().map(|part| part.text).collect();
                self.query_list(name, &strings, style);
                Vec::new()
            }
            _ => any::exploded(name, &data),
        };
        for (name, text) in &pairs {
            self.push_query(name, text);
        }
        Ok(())
    }

    /// Sets a header to a value of any shape, or nothing if it is empty.
    ///
    /// # Errors
    ///
    /// As [`header`](Self::header). A value that cannot be JSON is also an error.
    pub fn any_in_header(
        &mut self,
        name: &'static str,
        value: &(impl Serialize + ?Sized),
        style: AnyStyle,
    ) -> Result<(), Error> {
        let text = with_commas(name, value, style)?;
        text.map_or(Ok(()), |text| self.header(name, &text))
    }

    /// Adds a cookie with a value of any shape, or nothing if it is empty. The value is written as in a query, with `&`
    /// and `,` between its parts.
    ///
    /// # Errors
    ///
    /// As [`cookie`](Self::cookie). A value that cannot be JSON is also an error.
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
                let strings: Vec<_> = any::parts(&data, false).iter().map(|part| encoded(&part.text)).collect();
                if strings.is_empty() { Vec::new() } else { vec![format!("{name}={}", strings.join(","))] }
            }
        };
        if !pairs.is_empty() {
            self.push_cookie_text(&pairs.join("&"));
        }
        Ok(())
    }

    /// Sets the body to `application/x-www-form-urlencoded`. Fields in `styles` are written in their styles. For the others,
    /// lists are written as `name=a&name=b`, and objects as `name[property]=value`.
    ///
    /// # Errors
    ///
    /// The body is neither an object nor `null`, or it cannot be JSON.
    pub fn form(&mut self, body: &impl Serialize, styles: &[(&str, AnyStyle)]) -> Result<(), Error> {
        let data = any::data("body", body)?;
        let fields = any::form(&data, styles).or_else(|| data.is_null().then(Vec::new));
        let fields = fields.ok_or_else(|| Error::invalid_argument("body", "must be an object to be sent as a form"))?;
        let mut text = String::new();
        for field in &fields {
            if !text.is_empty() {
                text.push('&');
            }
            push_value(&mut text, &field.name);
            text.push('=');
            for (index, value) in field.values.iter().enumerate() {
                if index > 0 {
                    text.push_str(field.separator);
                }
                push_value(&mut text, value);
            }
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

/// Returns the parts separated by commas. `None` if there are none.
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
