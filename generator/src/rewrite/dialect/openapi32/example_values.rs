//! Writes the values of examples as earlier versions do.
//!
//! `examples: {one: {dataValue: 1}}` → `examples: {one: {value: 1}}`

use serde_json::Value;

use super::each_part;
use crate::rewrite::Log;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each_part(document, &mut |part, place| {
        let Some(Value::Object(examples)) = part.get_mut("examples") else { return };
        for (name, example) in examples {
            let Value::Object(example) = example else { continue };
            let serialized = example.shift_remove("serializedValue");
            let data = example.shift_remove("dataValue");
            if let Some((key, value)) =
                data.map(|data| ("dataValue", data)).or(serialized.map(|text| ("serializedValue", text)))
            {
                let place = place.join("examples").join(name);
                log.moved(place.join(key), place.join("value"));
                example.entry("value").or_insert(value);
            }
        }
    });
}
