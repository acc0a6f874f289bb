//! The program that decodes and encodes the components of a document.

use anyhow::{Context as _, Result};
use generator::diagnostics::Severity;
use generator::ir::{Api, ResponseType};
use generator::progenitor::{self, Types};
use generator::tree::CrateTree;
use generator::{Input, Output};
use quote::quote;
use serde_json::{Map, Value, json};
use syn::Type;
use toml::Table;

use clientsmith::spec::Spec;

use crate::conform::suite::Package;

/// A program, which is a client with another root.
pub struct Codec {
    /// Its files: their paths and contents.
    pub(crate) files: Vec<(String, String)>,
    /// The components, in the order of their indices in the program.
    pub(crate) components: Vec<String>,
    /// The document.
    pub(crate) document: Value,
}

impl Codec {
    /// Returns the package of the program.
    ///
    /// # Errors
    ///
    /// The manifest is not valid TOML.
    pub fn package(&self, name: &str) -> Result<Package> {
        let mut files = self.files.clone();
        for (_, text) in files.iter_mut().filter(|(path, _)| path == "Cargo.toml") {
            let mut manifest: Table = text.parse()?;
            let package = manifest.get_mut("package").and_then(toml::Value::as_table_mut);
            package.context("there is no package")?.insert("name".to_owned(), name.into());
            // They use the library, which a program does not have.
            manifest.remove("example");
            *text = manifest.to_string();
        }
        Ok(Package { name: name.to_owned(), files })
    }
}

/// Generates the program. The inner error is why the document is rejected.
///
/// # Errors
///
/// The generator panics when it reads the document.
pub fn generate(spec: &Spec) -> Result<Result<Codec, String>> {
    let read =
        spec.run(|input| Ok(generator::document::parse(input.text).ok().map(|document| document.value().clone())))?;
    let Ok(Some(document)) = read else { return Ok(Err("the document is not YAML or JSON".to_owned())) };
    if !document.get("openapi").is_some_and(|version| version.as_str().is_some_and(|version| version.starts_with('3')))
    {
        return Ok(Err("the document is not OpenAPI 3".to_owned()));
    }
    let components: Vec<String> = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    if components.is_empty() {
        return Ok(Err("the document has no component schemas".to_owned()));
    }
    // References to other parts of the document are rare. The rest of the document is left out unless there are some.
    let only_schemas = json!({"schemas": document.pointer("/components/schemas")});
    let all_parts = document.get("components").cloned().unwrap_or_default();
    let attempts = [(only_schemas, None), (all_parts, document.get("paths").cloned())];
    let mut rejection = String::new();
    for (parts, paths) in attempts {
        let reduced = reduced(&document, &parts, paths.as_ref(), &components);
        match program(&reduced, &components) {
            Ok(files) => return Ok(Ok(Codec { files, components, document })),
            Err(reason) => rejection = reason,
        }
    }
    Ok(Err(rejection))
}

/// A document with an operation for each component, which returns a list of values.
fn reduced(document: &Value, parts: &Value, paths: Option<&Value>, components: &[String]) -> Value {
    let mut all: Map<String, Value> = paths.and_then(Value::as_object).cloned().unwrap_or_default();
    for (index, name) in components.iter().enumerate() {
        let name = name.replace('~', "~0").replace('/', "~1").replace('%', "%25");
        let schema = json!({"type": "array", "items": {"$ref": format!("#/components/schemas/{name}")}});
        let response = json!({"description": "", "content": {"application/json": {"schema": schema}}});
        all.insert(
            path(index),
            json!({"get": {"operationId": format!("getComponent{index}"), "responses": {"200": response}}}),
        );
    }
    let version = document.get("openapi").cloned().unwrap_or_default();
    let servers = json!([{"url": "https://example.com"}]);
    let info = json!({"title": "Components", "version": "1"});
    let mut document = json!({"openapi": version, "info": info, "servers": servers, "paths": all, "components": parts});
    drop_replacements(&mut document);
    document
}

/// Drops the types of other crates, which may not be available offline.
fn drop_replacements(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            entries.shift_remove("x-rust-type");
            entries.values_mut().for_each(drop_replacements);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_replacements),
        _ => {}
    }
}

fn path(index: usize) -> String {
    format!("/conform/components/{index}")
}

fn program(document: &Value, components: &[String]) -> Result<Vec<(String, String)>, String> {
    let spec = Spec::of_text("document.json", document.to_string());
    // A panic concerns this document only.
    let generated = match spec.run(|input| files(input, components)) {
        Ok(generated) => generated,
        Err(panic) => return Err(format!("{panic:#}")),
    };
    generated.map_err(|diagnostics| {
        let errors = diagnostics.sorted();
        let error = errors.iter().find(|diagnostic| diagnostic.code.severity() == Severity::Error);
        error.map_or_else(String::new, |error| format!("{}: {}", error.code.id, error.message))
    })
}

fn files(
    input: &Input<'_>,
    components: &[String],
) -> Result<Vec<(String, String)>, generator::diagnostics::Diagnostics> {
    let Output { api, tree, .. } = generator::generate(input)?;
    let types = progenitor::types(&api)?;
    let mut files = vec![("src/main.rs".to_owned(), main(&api, &types, &tree, components.len()))];
    let others = tree.iter().filter(|(path, _)| *path != LIBRARY && !path.starts_with("examples/"));
    files.extend(others.map(|(path, text)| (path.to_owned(), text.to_owned())));
    Ok(files)
}

/// The attribute of each program.
const ALLOWED: &str =
    "#![allow(unused, missing_docs, deprecated, reason = \"the program uses some parts of the client only\")]";

/// The root of the client. In a program, `src/main.rs` contains its text.
const LIBRARY: &str = "src/lib.rs";

/// The source of the program: the client, and a function that decodes and encodes values of its types.
fn main(api: &Api, types: &Types, tree: &CrateTree, components: usize) -> String {
    let arms = (0..components).filter_map(|index| {
        let (name, ty) = (index.to_string(), type_of(api, types, index)?);
        Some(quote!(#name => round_trip::<#ty>(text),))
    });
    let codec = quote! {
        fn main() {
            codec::main();
        }

        #[allow(clippy::expect_used, reason = "nothing else can be done")]
        mod codec {
            use std::io::{BufRead, Write};

            use crate::types;

            pub(crate) fn main() {
                let thread = std::thread::Builder::new().stack_size(512 << 20).spawn(run).expect("a thread starts");
                thread.join().expect("it ends");
            }

            fn run() {
                let mut output = std::io::stdout().lock();
                for line in std::io::stdin().lock().lines() {
                    let line = line.expect("the input is text");
                    let (index, text) = line.split_once(' ').expect("the line has an index");
                    let result = match index {
                        #(#arms)*
                        _ => Err("there is no type".to_owned()),
                    };
                    let written = match result {
                        Ok(text) => writeln!(output, "+{text}"),
                        Err(error) => writeln!(output, "-{}", error.replace('\n', " ")),
                    };
                    written.and_then(|()| output.flush()).expect("the output is open");
                }
            }

            fn round_trip<T: serde::de::DeserializeOwned + serde::Serialize>(text: &str) -> Result<String, String> {
                let value: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
                serde_json::to_string(&value).map_err(|error| format!("not encoded: {error}"))
            }
        }
    };
    format!("{ALLOWED}\n{}\n{codec}", tree.get(LIBRARY).unwrap_or_default())
}

/// The type of a list of values of a component.
fn type_of<'a>(api: &Api, types: &'a Types, index: usize) -> Option<&'a Type> {
    let operation = api.operations.iter().find(|operation| operation.template == path(index))?;
    match operation.success.content {
        ResponseType::Json(slot) => Some(&types[slot]),
        _ => None,
    }
}
