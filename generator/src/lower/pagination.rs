//! Lowers pagination: `x-speakeasy-pagination`, resolved against the operation's parameters, body and response.

use super::Lowering;
use crate::diagnostics::catalogue::BAD_PAGINATION;
use crate::document::Node;
use crate::ir::{Body, FullPage, Input, Items, NextPage, Pagination, SlotRole, Success};
use crate::openapi::{Site, json_path, json_response_schema, schema_at};

/// The pagination that an operation states, together with the operation.
struct Stated<'a> {
    site: &'a Site<'a>,
    node: Node<'a>,
    takes_json: bool,
    response: Node<'a>,
}

impl Lowering<'_> {
    /// Returns how the result is paginated. `None` if it is not, or if the document states it in an unsupported way.
    pub(super) fn pagination(&mut self, site: &Site<'_>, body: Option<&Body>, success: &Success) -> Option<Pagination> {
        let node = site.node.get("x-speakeasy-pagination").filter(|node| node.value().is_object())?;
        let place = node.pointer().clone();
        let response = json_response_schema(&site.node).filter(|_| success.content.slot().is_some());
        let found = match response {
            None => Err("the operation has no JSON response to read the next page from".to_owned()),
            Some(response) => {
                let takes_json = body.is_some_and(Body::is_json);
                let stated = Stated { site, node, takes_json, response };
                stated.pages().map(|(next, list)| {
                    let items = list.map(|list| {
                        let schema = schema_at(&stated.response, &list).and_then(|schema| schema.get("items"));
                        Items { slot: self.slot(&site.node, SlotRole::Response, schema.as_ref()), list }
                    });
                    Pagination { next, items }
                })
            }
        };
        match found {
            Ok(pagination) => Some(pagination),
            Err(message) => {
                let message = format!("cannot follow the pagination: {message}");
                self.diagnostics.report(self.document, &BAD_PAGINATION, &place, message);
                None
            }
        }
    }
}

impl Stated<'_> {
    /// Returns what leads to the next page, and the location of the item list in a response.
    fn pages(&self) -> Result<(NextPage, Option<String>), String> {
        let results = self.output("results")?.map(|place| place.trim_end_matches("/*").to_owned());
        if let Some(place) = &results
            && schema_at(&self.response, place).is_none_or(|schema| schema.get("items").is_none())
        {
            return Err(format!(
                "`results` points to `{place}`, which is not an array with described items in the response"
            ));
        }
        let results = results.or_else(|| self.list_of_cursor());
        let next = match self.node.text("type") {
            Some("offsetLimit") => self.counted(results.is_some())?,
            Some("cursor") => NextPage::Cursor {
                input: self.input("cursor")?.ok_or("it has no input of type `cursor`")?.0,
                cursor: self.output("nextCursor")?.ok_or("it has no output `nextCursor`")?,
            },
            Some("url") => NextPage::Url { address: self.output("nextUrl")?.ok_or("it has no output `nextUrl`")? },
            _ => return Err("its `type` is not `offsetLimit`, `cursor` or `url`".to_owned()),
        };
        Ok((next, results))
    }

    /// Returns the list whose last item has the cursor. That list has the items.
    fn list_of_cursor(&self) -> Option<String> {
        let cursor = self.output("nextCursor").ok()??;
        let list = cursor.strip_suffix("/-1").or_else(|| Some(cursor.split_once("/-1/")?.0))?;
        schema_at(&self.response, list)?.get("items").map(|_| list.to_owned())
    }

    /// Returns pagination by page number or by offset.
    fn counted(&self, has_results: bool) -> Result<NextPage, String> {
        let full = self.input("limit")?.map(|(input, schema)| FullPage {
            input,
            default: number(schema.as_ref(), "default"),
            maximum: number(schema.as_ref(), "maximum"),
        });
        if let Some((input, schema)) = self.input("page")? {
            let last = self.output("numPages")?;
            if last.is_none() && !has_results {
                return Err("it has neither `results` nor `numPages`, so the last page cannot be detected".to_owned());
            }
            return Ok(NextPage::Number { input, first: number(schema.as_ref(), "default").unwrap_or(1), last, full });
        }
        let (input, schema) = self.input("offset")?.ok_or("it has no input of type `page` or `offset`")?;
        if !has_results {
            return Err("it has no `results`, so the number of received items is unknown".to_owned());
        }
        let pages = self.output("numPages")?;
        Ok(NextPage::Offset { input, first: number(schema.as_ref(), "default").unwrap_or(0), pages, full })
    }

    /// Returns the input of a type: where it is sent, and its schema.
    fn input(&self, ty: &str) -> Result<Option<(Input, Option<Node<'_>>)>, String> {
        let inputs = self.node.get("inputs");
        let Some(input) = inputs.iter().flat_map(Node::items).find(|input| input.text("type") == Some(ty)) else {
            return Ok(None);
        };
        let name = input.text("name").unwrap_or_default().to_owned();
        match input.text("in") {
            Some("requestBody") if self.takes_json => {
                let schema = self.site.node.at(&["requestBody", "content"]);
                let schema = schema.and_then(|content| crate::openapi::body_media(&content)?.1.get("schema"));
                let field = schema.and_then(|schema| schema_at(&schema, &format!("/{name}")));
                if field.is_none() {
                    return Err(format!("the request body has no field `{name}`"));
                }
                Ok(Some((Input::Body(name), field)))
            }
            Some("requestBody") => Err(format!("`{name}` is in the request body, which is not JSON")),
            _ => {
                let parameters = self.site.parameters();
                let parameter = parameters.into_iter().find(|parameter| parameter.text("name") == Some(&name));
                let parameter = parameter.ok_or_else(|| format!("the operation has no parameter `{name}`"))?;
                let schema = parameter.get("schema").and_then(|schema| schema.resolve_single());
                match parameter.text("in") {
                    Some("query") => Ok(Some((Input::Query(name), schema))),
                    Some("header") => Ok(Some((Input::Header(name), schema))),
                    _ => Err(format!("parameter `{name}` is neither a query nor a header parameter")),
                }
            }
        }
    }

    /// Returns a location in the response, as a JSON pointer.
    fn output(&self, key: &str) -> Result<Option<String>, String> {
        let Some(path) = self.node.get("outputs").and_then(|outputs| outputs.text(key)) else { return Ok(None) };
        let pointer = json_path(path);
        let pointer =
            pointer.ok_or_else(|| format!("`{key}` is `{path}`, which is not a plain path such as `$.data.items`"))?;
        let place = pointer.trim_end_matches("/*");
        if place.contains('*') || schema_at(&self.response, place).is_none() {
            return Err(format!("`{key}` points to `{path}`, which the response does not have"));
        }
        Ok(Some(pointer))
    }
}

fn number(schema: Option<&Node<'_>>, key: &str) -> Option<u64> {
    schema?.get(key)?.value().as_u64()
}
