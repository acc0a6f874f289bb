//! Opens enums whose schema states that other strings are allowed. Other enums are open if responses can have them.

use crate::ir::{Kind, TypeDef, Types};

/// Returns the types with all stated open enums open, also those that only requests have.
pub(super) fn open_stated(types: Types) -> Types {
    if !types.iter().any(is_stated) {
        return types;
    }
    let mut all: Vec<TypeDef> = types.iter().cloned().collect();
    for definition in all.iter_mut().filter(|definition| is_stated(definition)) {
        if let Kind::Enum { open, .. } = &mut definition.kind {
            *open = true;
        }
    }
    all.into()
}

fn is_stated(definition: &TypeDef) -> bool {
    definition.schema.get("x-speakeasy-unknown-values").is_some_and(|stated| stated == "allow")
}

#[cfg(test)]
mod tests {
    use crate::{Input, generate};

    #[test]
    fn an_enum_of_requests_beside_any_string_accepts_other_strings() {
        let text = "
openapi: 3.0.3
info: {title: Plain, version: '1'}
paths:
  /a:
    get:
      operationId: op
      parameters:
        - {name: open, in: query, schema: {anyOf: [{type: string, enum: [a]}, {type: string}]}}
        - {name: closed, in: query, schema: {type: string, enum: [b]}}
      responses: {'204': {description: done}}
";
        let output = generate(&Input::new("plain.yaml", text)).expect("the document is valid");
        let types = output.tree.get("src/types.rs").expect("there are types");
        assert_eq!(types.matches("Unknown(String)").count(), 1, "{types}");
    }
}
