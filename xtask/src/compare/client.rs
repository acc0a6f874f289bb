//! The facts that the sources of a generated client state, read with `syn`: operations, types and credentials.

mod forms;
mod operations;
mod security;
mod shapes;
mod syntax;
mod types;
mod value_type;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use generator::tree::CrateTree;
use syn::Item;

pub(crate) use self::forms::FormPart;
pub(crate) use self::operations::{Argument, Decoded, Operation};
pub(crate) use self::security::Placement;
pub(crate) use self::shapes::{Dispatch, Shape, ShapeField};
pub(crate) use self::types::{Field, Sent, Strings, Struct, Tagged, TypeDef, Union, Variant};
pub(crate) use self::value_type::ValueType;

/// What a client contains.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) operations: Vec<Operation>,
    /// The types, by name.
    pub(crate) types: BTreeMap<String, TypeDef>,
    /// Where the credential of each security scheme is sent.
    pub(crate) schemes: BTreeMap<String, Placement>,
    /// How the members of unions are distinguished, by the name of the constant.
    pub(crate) dispatches: BTreeMap<String, Dispatch>,
    /// The shapes of types, by the name of the constant.
    pub(crate) shapes: BTreeMap<String, Shape>,
}

impl Client {
    /// Reads the sources of a client.
    ///
    /// # Errors
    ///
    /// A source is not valid Rust, or has another form than the generator writes.
    pub(crate) fn read(tree: &CrateTree) -> Result<Self> {
        let funcs = items(tree, "src/funcs")?;
        let shapes = items(tree, "src/shapes")?;
        Ok(Self {
            operations: operations::read(&funcs)?,
            types: types::read(&items(tree, "src/types")?),
            schemes: security::read(&items(tree, "src/client")?),
            dispatches: shapes::dispatches(&shapes),
            shapes: shapes::shapes(&shapes),
        })
    }

    /// The definition of a type after all aliases and wrappers, or the type itself if it is not defined by the API.
    pub(crate) fn unwrapped<'a>(&'a self, ty: &'a ValueType) -> (&'a ValueType, Option<&'a TypeDef>) {
        let mut ty = ty;
        // An alias of itself is not valid Rust, so this ends.
        loop {
            let ValueType::Named(name) = ty else { return (ty, None) };
            match self.types.get(name) {
                Some(TypeDef::Wrapper(inner)) => ty = inner,
                found => return (ty, found),
            }
        }
    }
}

/// The items of a source and of the files in the folder of the same name.
fn items(tree: &CrateTree, module: &str) -> Result<Vec<Item>> {
    let is_part = |path: &str| path == format!("{module}.rs") || path.starts_with(&format!("{module}/"));
    let mut items = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| is_part(path)) {
        items.extend(syn::parse_file(text).with_context(|| format!("{path} is not valid Rust"))?.items);
    }
    generator::macros::expand(&mut items);
    Ok(items)
}
