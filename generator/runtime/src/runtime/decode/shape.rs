//! Decides which member of a union a JSON value is, from the shapes of the members.
//!
//! A member is ruled out if the value contradicts it: another JSON type, another value for a constant, a required property
//! that is missing. Of the others, those that know every value come first, and among them the one that describes the value
//! best: the fewest properties that it does not describe, then the most constants, then the most required properties, then
//! the order of the document. Next come members that accept the value only if `null` counts as absent. If every member has
//! an unknown value, and exactly one is not ruled out, it is that one.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::AddAssign;

use serde_json::{Map, Value};

/// The part of a schema that shows whether a JSON value can be of a type.
#[derive(Debug)]
pub enum Shape {
    /// Any value.
    Any,
    /// `null`, or a value of this shape.
    Nullable(&'static Shape),
    /// `true` or `false`.
    Boolean,
    /// An integer.
    Integer,
    /// Any number.
    Number,
    /// A string.
    String,
    /// One of these values. If it is open, other values of the same JSON type may be added to the API.
    Constants {
        /// The values.
        values: &'static [Constant],
        /// Whether values may be added.
        open: bool,
    },
    /// An array of values of this shape.
    Array(&'static Shape),
    /// An object.
    Object {
        /// The properties that are described.
        fields: &'static [Field],
        /// The other properties.
        others: Others,
    },
    /// An object of this shape, whose tag, if it has one, is one of these values.
    Tagged {
        /// The property that is the tag.
        tag: &'static str,
        /// Its values.
        values: &'static [Constant],
        /// The shape of the object.
        shape: &'static Shape,
    },
    /// A value of one of these shapes. If it is open, other values may be added to the API.
    Union {
        /// How the members are told apart.
        dispatch: Dispatch,
        /// Whether values that match no member are accepted too.
        open: bool,
    },
}

/// A value that a schema lists.
#[derive(Debug)]
pub enum Constant {
    /// `null`.
    Null,
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i128),
    /// Any other number.
    Number(f64),
    /// A string.
    Text(&'static str),
}

/// A property of an object.
#[derive(Debug)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// Whether every such object has it.
    pub required: bool,
    /// The shape of its value.
    pub shape: &'static Shape,
}

impl Field {
    /// A property that every such object has.
    #[must_use]
    pub const fn required(name: &'static str, shape: &'static Shape) -> Self {
        Self { name, required: true, shape }
    }

    /// A property that may be absent.
    #[must_use]
    pub const fn optional(name: &'static str, shape: &'static Shape) -> Self {
        Self { name, required: false, shape }
    }
}

/// The properties of an object that its schema does not name.
#[derive(Debug)]
pub enum Others {
    /// Any.
    Any,
    /// None, according to the document.
    Closed,
    /// Values of one shape.
    Of(&'static Shape),
}

/// How the members of a union are told apart.
#[derive(Debug)]
pub struct Dispatch {
    /// The properties that select the member of an object, so that a value that a member does not list rules it out.
    pub tags: &'static [&'static str],
    /// The shapes of the members.
    pub members: &'static [&'static Shape],
}

impl Dispatch {
    /// Returns the members that a value can be, the best one first.
    pub(crate) fn candidates(&self, value: &Value) -> Vec<usize> {
        Fitting::default().candidates(self, value, &[]).into_iter().map(|(index, _)| index).collect()
    }
}

/// How deep unions in unions are followed for their JSON types.
const DEPTH: usize = 8;

/// What speaks for a member that is not ruled out.
#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    /// Values, and properties of closed objects, that the member does not list.
    unknown: usize,
    /// Properties that are `null`, which the member does not allow, but which it does not require.
    nulls: usize,
    /// Properties that the member does not describe.
    undescribed: usize,
    /// Values that the member lists.
    constants: usize,
    /// Required properties.
    required: usize,
    /// Values that the member accepts because it accepts more than values of this kind.
    loose: usize,
    /// Optional constants that the value lacks.
    absent: usize,
}

impl Evidence {
    /// Returns a key that is least for the best member.
    fn rank(&self) -> impl Ord + use<> {
        (self.nulls, self.undescribed, Reverse(self.constants), Reverse(self.required), self.loose, self.absent)
    }
}

impl AddAssign for Evidence {
    fn add_assign(&mut self, other: Self) {
        self.unknown += other.unknown;
        self.nulls += other.nulls;
        self.undescribed += other.undescribed;
        self.constants += other.constants;
        self.required += other.required;
        self.loose += other.loose;
        self.absent += other.absent;
    }
}

/// Compares one value with shapes. The result of each union is kept for each part of the value, so that shapes that contain
/// themselves are compared only once with it.
#[derive(Default)]
struct Fitting {
    unions: HashMap<(*const Value, *const Dispatch), Option<Evidence>>,
}

impl Fitting {
    fn candidates(&mut self, dispatch: &Dispatch, value: &Value, tags: &[&str]) -> Vec<(usize, Evidence)> {
        let tags = [dispatch.tags, tags].concat();
        let members = dispatch.members.iter().enumerate();
        let fits = members.filter_map(|(index, shape)| Some((index, self.fit(shape, value, &tags)?)));
        let (mut known, others): (Vec<_>, Vec<_>) = fits.partition(|(_, evidence)| evidence.unknown == 0);
        if known.is_empty() {
            return if others.len() == 1 { others } else { Vec::new() };
        }
        known.sort_by_key(|(_, evidence)| evidence.rank());
        known
    }

    /// Returns what speaks for the shape. `None` if the value contradicts it. `tags` are properties whose values are all
    /// known.
    fn fit(&mut self, shape: &Shape, value: &Value, tags: &[&str]) -> Option<Evidence> {
        let evidence = Evidence::default();
        match (shape, value) {
            (Shape::Any, Value::Object(object)) => Some(Evidence { undescribed: object.len(), loose: 1, ..evidence }),
            (Shape::Any, _) | (Shape::Array(Shape::Any), Value::Array(_)) => Some(Evidence { loose: 1, ..evidence }),
            (Shape::Nullable(_), Value::Null)
            | (Shape::Boolean, Value::Bool(_))
            | (Shape::String, Value::String(_)) => Some(evidence),
            (Shape::Nullable(shape), _) => self.fit(shape, value, tags),
            (Shape::Integer, Value::Number(number)) => (!number.is_f64()).then_some(evidence),
            (Shape::Number, Value::Number(number)) => {
                Some(Evidence { loose: usize::from(!number.is_f64()), ..evidence })
            }
            (Shape::Constants { values, open }, _) => listed(values, *open, value),
            (Shape::Array(shape), Value::Array(items)) => {
                let mut sum = evidence;
                for item in items {
                    sum += self.fit(shape, item, &[])?;
                }
                Some(sum)
            }
            (Shape::Object { fields, others }, Value::Object(object)) => self.object(fields, others, object, tags),
            (Shape::Tagged { tag, values, shape }, Value::Object(object)) => {
                let of_tag = object.get(*tag).map(|value| listed(values, false, value));
                let mut sum = of_tag.unwrap_or(Some(Evidence { absent: 1, ..evidence }))?;
                sum += self.fit(shape, value, tags)?;
                Some(sum)
            }
            (Shape::Union { dispatch, open }, _) => {
                let key = (std::ptr::from_ref(value), std::ptr::from_ref(dispatch));
                if let Some(known) = self.unions.get(&key) {
                    return *known;
                }
                // A union that contains itself, directly or through other unions, gains nothing from that member.
                self.unions.insert(key, None);
                let best = self.candidates(dispatch, value, tags).first().map(|(_, evidence)| *evidence);
                let is_like_a_member = *open && dispatch.members.iter().any(|member| member.has_type_of(value, 0));
                let found = best.or_else(|| is_like_a_member.then_some(Evidence { unknown: 1, ..evidence }));
                self.unions.insert(key, found);
                found
            }
            _ => None,
        }
    }

    fn object(
        &mut self,
        fields: &[Field],
        others: &Others,
        object: &Map<String, Value>,
        tags: &[&str],
    ) -> Option<Evidence> {
        if fields.iter().any(|field| field.required && !object.contains_key(field.name)) {
            return None;
        }
        let mut sum = Evidence::default();
        // What is quick to compare comes first, because it is what rules out most members.
        for is_quick in [true, false] {
            for field in fields.iter().filter(|field| field.shape.is_quick() == is_quick) {
                let Some(value) = object.get(field.name) else {
                    sum.absent += usize::from(matches!(field.shape, Shape::Constants { open: false, .. }));
                    continue;
                };
                let of_field = match self.fit(field.shape, value, &[]) {
                    Some(evidence) if evidence.unknown > 0 && tags.contains(&field.name) => return None,
                    Some(evidence) => evidence,
                    // An optional property may also be `null`.
                    None if value.is_null() && !field.required => Evidence { nulls: 1, ..Evidence::default() },
                    None => return None,
                };
                sum += of_field;
                sum.required += usize::from(field.required);
            }
        }
        for (name, value) in object {
            if fields.iter().any(|field| field.name == name) {
                continue;
            }
            sum.undescribed += 1;
            match others {
                Others::Any => sum.loose += 1,
                Others::Closed => sum.unknown += 1,
                Others::Of(shape) => sum += self.fit(shape, value, &[])?,
            }
        }
        Some(sum)
    }
}

impl Shape {
    /// Whether the value does not contradict the shape.
    pub(crate) fn fits(&self, value: &Value) -> bool {
        Fitting::default().fit(self, value, &[]).is_some()
    }

    /// Whether values of the shape can have the JSON type of the value.
    fn has_type_of(&self, value: &Value, depth: usize) -> bool {
        match self {
            Self::Any => true,
            Self::Nullable(shape) => value.is_null() || shape.has_type_of(value, depth),
            Self::Boolean => value.is_boolean(),
            Self::Integer | Self::Number => value.is_number(),
            Self::String => value.is_string(),
            Self::Constants { values, .. } => values.iter().any(|constant| constant.is_alike(value)),
            Self::Array(_) => value.is_array(),
            Self::Object { .. } | Self::Tagged { .. } => value.is_object(),
            Self::Union { dispatch, .. } => {
                depth < DEPTH && dispatch.members.iter().any(|member| member.has_type_of(value, depth + 1))
            }
        }
    }

    fn is_quick(&self) -> bool {
        match self {
            Self::Nullable(shape) => shape.is_quick(),
            Self::Array(_) | Self::Object { .. } | Self::Tagged { .. } | Self::Union { .. } => false,
            _ => true,
        }
    }
}

fn listed(values: &[Constant], open: bool, value: &Value) -> Option<Evidence> {
    if values.iter().any(|constant| constant.equals(value)) {
        return Some(Evidence { constants: 1, ..Evidence::default() });
    }
    let is_alike = open && values.iter().any(|constant| constant.is_alike(value));
    is_alike.then_some(Evidence { unknown: 1, ..Evidence::default() })
}

impl Constant {
    fn equals(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Boolean(own), Value::Bool(other)) => own == other,
            (Self::Integer(own), Value::Number(other)) => other.as_i128() == Some(*own),
            (Self::Number(own), Value::Number(other)) => other.as_f64() == Some(*own),
            (Self::Text(own), Value::String(other)) => own == other,
            _ => false,
        }
    }

    /// Whether the value has the same JSON type.
    fn is_alike(&self, value: &Value) -> bool {
        match self {
            Self::Null => false,
            Self::Boolean(_) => value.is_boolean(),
            Self::Integer(_) => value.is_i64() || value.is_u64(),
            Self::Number(_) => value.is_number(),
            Self::Text(_) => value.is_string(),
        }
    }
}
