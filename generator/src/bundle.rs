//! Joins a document of several files into one: what other files contain becomes a component, or a copy where no component is
//! allowed. References between the files then lead to these places.
//!
//! `$ref: 'schemas/user.yaml'` → `$ref: '#/components/schemas/user'`, and `components: {schemas: {user: …}}`
//!
//! A component that is only a reference to another file is replaced by what it refers to, so that a document which was split
//! this way is joined to what it was.

mod kind;
mod location;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value};

use self::kind::{Kind, Part};
pub use self::location::referenced_files;
use self::location::{Reference, join};
use crate::diagnostics::Diagnostics;
use crate::document::{Document, Pointer, Source, parse_source};
use crate::naming::{file_title, unique};

/// A value in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    file: String,
    pointer: Pointer,
}

/// Where a reference leads.
enum Found {
    /// To a place in the document itself.
    Here(Pointer),
    /// To another file.
    There(Target),
}

/// Joins a document with the files that it refers to. Each file has its path relative to the folder of the document as its
/// name. `first` is the index of the first file among the sources.
///
/// # Errors
///
/// A file that is referred to cannot be parsed.
pub(crate) fn bundle(
    mut document: Document,
    name: &str,
    files: &[Source<'_>],
    first: usize,
) -> Result<Document, Diagnostics> {
    if files.is_empty() {
        return Ok(document);
    }
    let mut parsed = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        parsed.insert(file.name.to_owned(), parse_source(file.text, first + index)?);
    }
    let mut bundler = Bundler::new(&document, name, &parsed);
    let value = bundler.run();
    let places = std::mem::take(&mut bundler.places_in_files);
    *document.value_mut() = value;
    for (at, target) in places {
        if let Some(file) = parsed.get(&target.file) {
            document.take_places(&at, file, &target.pointer);
        }
    }
    Ok(document)
}

struct Bundler<'a> {
    root: &'a Document,
    name: &'a str,
    files: &'a BTreeMap<String, Document>,
    is_swagger: bool,
    /// The components that contain what other files contain.
    components: BTreeMap<(Target, Kind), Pointer>,
    /// Components that are not yet written.
    open: VecDeque<(Target, Kind, Pointer)>,
    /// The names of the components of each kind.
    taken: BTreeMap<Kind, BTreeSet<String>>,
    /// Which values of files are at which places.
    places_in_files: Vec<(Pointer, Target)>,
    /// What is being copied, from the outside in. A copy that contains itself has no end.
    copied: Vec<Target>,
}

impl<'a> Bundler<'a> {
    fn new(root: &'a Document, name: &'a str, files: &'a BTreeMap<String, Document>) -> Self {
        Self {
            root,
            name,
            files,
            is_swagger: root.value().get("swagger").is_some(),
            components: BTreeMap::new(),
            open: VecDeque::new(),
            taken: BTreeMap::new(),
            places_in_files: Vec::new(),
            copied: Vec::new(),
        }
    }

    fn run(&mut self) -> Value {
        for kind in Kind::ALL {
            let Some(place) = kind.component(self.is_swagger) else { continue };
            let own = self.root.value().pointer(place.as_str()).and_then(Value::as_object);
            for (name, component) in own.into_iter().flatten() {
                self.taken.entry(kind).or_default().insert(name.clone());
                if let Some(Found::There(target)) =
                    self.reference(component, self.name).and_then(|found| self.end(found))
                {
                    self.components.entry((target, kind)).or_insert_with(|| place.join(name));
                }
            }
        }
        let mut value = self.visit(self.root.value(), Part::Root, self.name, &Pointer::root());
        while let Some((target, kind, place)) = self.open.pop_front() {
            let Some(source) = self.value(&target) else { continue };
            self.places_in_files.push((place.clone(), target.clone()));
            let component = self.visit(source, Part::One(kind), &target.file, &place);
            insert(&mut value, &place, component);
        }
        value
    }

    /// Returns a value with all its references to other files replaced. `at` is its place in the joined document.
    fn visit(&mut self, value: &Value, part: Part, file: &str, at: &Pointer) -> Value {
        match value {
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.map(|(index, item)| self.visit(item, part.item(), file, &at.join(index))).collect()
            }
            Value::Object(object) if part != Part::Data => match self.reference(value, file) {
                Some(found) => self.replace(object, found, part, file, at),
                None => Value::Object(self.members(object, part, file, at)),
            },
            other => other.clone(),
        }
    }

    fn members(&mut self, object: &Map<String, Value>, part: Part, file: &str, at: &Pointer) -> Map<String, Value> {
        let members = object.iter().map(|(key, value)| {
            let value = match (part, key.as_str()) {
                (Part::One(Kind::Schema), "discriminator") => self.discriminator(value, file),
                _ => self.visit(value, part.member(key), file, &at.join(key)),
            };
            (key.clone(), value)
        });
        members.collect()
    }

    /// Replaces an object that is a reference.
    fn replace(&mut self, object: &Map<String, Value>, found: Found, part: Part, file: &str, at: &Pointer) -> Value {
        let beside: Map<_, _> =
            object.iter().filter(|(key, _)| *key != "$ref").map(|(key, value)| (key.clone(), value.clone())).collect();
        let mut beside = self.members(&beside, part, file, at);
        let target = match found {
            Found::Here(pointer) => return referring(&pointer, beside),
            Found::There(target) => target,
        };
        if let Part::One(kind) = part
            && let Some(place) = self.component(&target, kind)
            && place != *at
        {
            return referring(&place, beside);
        }
        let end = self.end(Found::There(target.clone()));
        let target = match end {
            Some(Found::There(target)) => target,
            Some(Found::Here(pointer)) => return referring(&pointer, beside),
            None => return Value::Object(object.clone()),
        };
        // The rest of the document reports a copy without end as a reference that cannot be followed.
        let Some(source) = self.value(&target).filter(|_| !self.copied.contains(&target)) else {
            return Value::Object(object.clone());
        };
        self.places_in_files.push((at.clone(), target.clone()));
        self.copied.push(target.clone());
        let mut copy = self.visit(source, part, &target.file, at);
        self.copied.pop();
        if let Value::Object(copy) = &mut copy {
            copy.append(&mut beside);
        }
        copy
    }

    /// Returns the place of the component that contains what a target contains. `None` if there are no such components.
    fn component(&mut self, target: &Target, kind: Kind) -> Option<Pointer> {
        let place = kind.component(self.is_swagger)?;
        let Some(Found::There(target)) = self.end(Found::There(target.clone())) else { return None };
        let key = (target, kind);
        if let Some(known) = self.components.get(&key) {
            return Some(known.clone());
        }
        let (target, _) = &key;
        let name = target.pointer.last().unwrap_or_else(|| file_title(&target.file).to_owned());
        let place = place.join(unique(name, self.taken.entry(kind).or_default()));
        self.open.push_back((target.clone(), kind, place.clone()));
        self.components.insert(key, place.clone());
        Some(place)
    }

    /// Replaces the references of a mapping. Its values may also be names.
    fn discriminator(&mut self, discriminator: &Value, file: &str) -> Value {
        let mut replaced = discriminator.clone();
        let mapping = replaced.get_mut("mapping").and_then(Value::as_object_mut).into_iter().flatten();
        for (_, target) in mapping {
            let Some(text) = target.as_str().filter(|text| text.contains(['/', '#', '.'])) else { continue };
            let place = match self.follow(text, file) {
                Some(Found::Here(pointer)) => Some(pointer),
                Some(Found::There(target)) => self.component(&target, Kind::Schema),
                None => None,
            };
            if let Some(place) = place {
                *target = Value::from(format!("#{place}"));
            }
        }
        replaced
    }

    /// Returns where an object leads if it is a reference to a known file.
    fn reference(&self, value: &Value, file: &str) -> Option<Found> {
        self.follow(value.get("$ref")?.as_str()?, file)
    }

    /// Returns where a reference in a file leads.
    fn follow(&self, reference: &str, file: &str) -> Option<Found> {
        let Reference { file: other, pointer } = Reference::parse(reference)?;
        let is_of_part = other.is_none() && file != self.name;
        let target = other.map_or_else(|| file.to_owned(), |other| join(file, &other));
        // A part of a document may refer to the components of the whole document as if it were written there.
        let is_here = is_of_part && !self.files.get(&target)?.has(&pointer) && self.root.has(&pointer);
        if target == self.name || is_here {
            return Some(Found::Here(pointer));
        }
        self.files.contains_key(&target).then_some(Found::There(Target { file: target, pointer }))
    }

    /// Follows references that lead to references. `None` if they never end.
    fn end(&self, found: Found) -> Option<Found> {
        const STEPS: usize = 32;
        let mut found = found;
        for _ in 0..STEPS {
            let Found::There(target) = &found else { return Some(found) };
            match self.value(target).and_then(|value| self.reference(value, &target.file)) {
                Some(next) => found = next,
                None => return Some(found),
            }
        }
        None
    }

    fn value(&self, target: &Target) -> Option<&'a Value> {
        self.files.get(&target.file)?.value().pointer(target.pointer.as_str())
    }
}

fn referring(place: &Pointer, mut beside: Map<String, Value>) -> Value {
    beside.shift_insert(0, "$ref".to_owned(), Value::from(format!("#{place}")));
    Value::Object(beside)
}

/// Inserts a component, and the objects around it.
fn insert(document: &mut Value, place: &Pointer, component: Value) {
    let Some((parent, name)) = place.parent().zip(place.last()) else { return };
    let mut slot = document;
    for key in parent.as_str().split('/').skip(1) {
        let Value::Object(object) = slot else { return };
        slot = object.entry(key).or_insert_with(|| Value::Object(Map::new()));
    }
    if let Value::Object(object) = slot {
        object.insert(name, component);
    }
}
