//! Where a client sends the credentials of its security schemes.

use std::collections::BTreeMap;
use std::fmt;

use syn::visit::{self, Visit};
use syn::{Expr, ExprStruct, Item};

use super::syntax::{field, last_name, path_name, text};

/// Where a credential is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Placement {
    Header(String),
    Query(String),
    Cookie(String),
    Bearer,
    Basic,
}

impl fmt::Display for Placement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(f, "header `{name}`"),
            Self::Query(name) => write!(f, "query parameter `{name}`"),
            Self::Cookie(name) => write!(f, "cookie `{name}`"),
            Self::Bearer => f.write_str("a bearer token"),
            Self::Basic => f.write_str("basic authentication"),
        }
    }
}

/// Reads all schemes, by name.
pub(super) fn read(items: &[Item]) -> BTreeMap<String, Placement> {
    struct Schemes(BTreeMap<String, Placement>);
    impl<'ast> Visit<'ast> for Schemes {
        fn visit_expr_struct(&mut self, node: &'ast ExprStruct) {
            if last_name(&node.path) == "SecurityScheme" {
                let scheme = field(node, "name").and_then(text).zip(field(node, "placement").and_then(placement));
                self.0.extend(scheme);
            }
            visit::visit_expr_struct(self, node);
        }
    }
    let mut schemes = Schemes(BTreeMap::new());
    for item in items {
        schemes.visit_item(item);
    }
    schemes.0
}

fn placement(value: &Expr) -> Option<Placement> {
    match value {
        Expr::Call(call) => {
            let name = text(call.args.first()?)?;
            match path_name(&call.func)?.as_str() {
                "Header" => Some(Placement::Header(name)),
                "Query" => Some(Placement::Query(name)),
                "Cookie" => Some(Placement::Cookie(name)),
                _ => None,
            }
        }
        other => match path_name(other)?.as_str() {
            "Bearer" => Some(Placement::Bearer),
            "Basic" => Some(Placement::Basic),
            _ => None,
        },
    }
}
