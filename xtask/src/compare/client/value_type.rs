//! The type of a field, an argument or a result, reduced to what is on the wire.

use std::fmt;

use syn::{GenericArgument, PathArguments, Type};

/// A type, without references, boxes and the widths of numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ValueType {
    Option(Box<Self>),
    List(Box<Self>),
    Map(Box<Self>),
    /// A type of the API.
    Named(String),
    Text,
    Bytes,
    Integer,
    Number,
    Boolean,
    /// Any JSON.
    Any,
    /// Any JSON object.
    Object,
    Unit,
    /// A type of the runtime.
    Other(String),
}

impl ValueType {
    pub(super) fn of(ty: &Type) -> Self {
        match ty {
            Type::Reference(reference) => Self::of(&reference.elem),
            Type::Slice(slice) => Self::List(Box::new(Self::of(&slice.elem))),
            Type::Array(array) => Self::List(Box::new(Self::of(&array.elem))),
            Type::Tuple(tuple) if tuple.elems.is_empty() => Self::Unit,
            Type::Path(path) => Self::of_path(&path.path),
            _ => Self::Other(String::from("a type")),
        }
    }

    fn of_path(path: &syn::Path) -> Self {
        let Some(last) = path.segments.last() else { return Self::Other(String::new()) };
        let arguments: Vec<Self> = match &last.arguments {
            PathArguments::AngleBracketed(arguments) => arguments.args.iter().filter_map(argument).collect(),
            _ => Vec::new(),
        };
        let around = path.segments.iter().rev().nth(1).map(|segment| segment.ident.to_string());
        let is_own = around.as_deref().is_none_or(|around| ["types", "funcs", "super"].contains(&around));
        let name = last.ident.to_string();
        match (name.as_str(), arguments.as_slice()) {
            ("UnixSeconds" | "UnixMillis", []) if around.as_deref() == Some("scalars") => Self::Integer,
            (_, []) if around.as_deref() == Some("scalars") => Self::Text,
            ("Option", [inner]) => Self::Option(Box::new(inner.clone())),
            ("Box" | "ServerEvent", [inner]) => inner.clone(),
            ("Vec" | "HashSet" | "BTreeSet", [item]) => Self::List(Box::new(item.clone())),
            ("Map", [_, Self::Any]) => Self::Object,
            ("HashMap" | "BTreeMap" | "Map", [_, item]) => Self::Map(Box::new(item.clone())),
            ("String" | "str", []) => Self::Text,
            ("Bytes", []) => Self::Bytes,
            ("Body", []) if !is_own => Self::Bytes,
            ("i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64", []) => Self::Integer,
            ("f32" | "f64", []) => Self::Number,
            ("bool", []) => Self::Boolean,
            ("Value", []) if !is_own => Self::Any,
            (_, []) if is_own => Self::Named(name),
            _ => Self::Other(name),
        }
    }

    /// The type without options around it, and how many there are.
    pub(crate) fn without_options(&self) -> (&Self, usize) {
        match self {
            Self::Option(inner) => {
                let (inner, options) = inner.without_options();
                (inner, options + 1)
            }
            other => (other, 0),
        }
    }
}

fn argument(argument: &GenericArgument) -> Option<ValueType> {
    match argument {
        GenericArgument::Type(ty) => Some(ValueType::of(ty)),
        _ => None,
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option(inner) => write!(f, "optional {inner}"),
            Self::List(item) => write!(f, "array of {item}"),
            Self::Map(item) => write!(f, "map of {item}"),
            Self::Named(name) => write!(f, "type `{name}`"),
            Self::Text => f.write_str("string"),
            Self::Bytes => f.write_str("bytes"),
            Self::Integer => f.write_str("integer"),
            Self::Number => f.write_str("number"),
            Self::Boolean => f.write_str("boolean"),
            Self::Any => f.write_str("any JSON"),
            Self::Object => f.write_str("any object"),
            Self::Unit => f.write_str("nothing"),
            Self::Other(name) => write!(f, "`{name}`"),
        }
    }
}
