//! Reads XML text without parsing it: the texts and the values of attributes. Nothing here checks whether the text is valid.

use std::borrow::Cow;

/// Visits the texts of elements, of CDATA sections and of attributes, as they are written and with their references resolved.
pub(crate) fn each_value(xml: &str, visit: &mut dyn FnMut(&str)) {
    for section in xml.split("<![CDATA[").skip(1) {
        visit(section.split("]]>").next().unwrap_or(section));
    }
    for part in xml.split('<') {
        let (tag, text) = part.rsplit_once('>').unwrap_or(("", part));
        let attributes = tag.split(['"', '\'']).skip(1).step_by(2);
        // A text may contain `>`.
        let longer = tag.find('>').and_then(|end| part.get(end + 1..));
        for value in attributes.chain([text]).chain(longer) {
            visit(value);
            if let Cow::Owned(resolved) = resolved(value) {
                visit(&resolved);
            }
        }
    }
}

/// Resolves the references to characters, and those to the five predefined entities (XML 1.0, section 4.6).
fn resolved(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split('&');
    let mut resolved = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let character = part.split_once(';').and_then(|(name, rest)| Some((character(name)?, rest)));
        match character {
            Some((character, rest)) => {
                resolved.push(character);
                resolved.push_str(rest);
            }
            None => {
                resolved.push('&');
                resolved.push_str(part);
            }
        }
    }
    Cow::Owned(resolved)
}

fn character(name: &str) -> Option<char> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => match name.strip_prefix("#x") {
            Some(digits) => number(digits, 16),
            None => number(name.strip_prefix('#')?, 10),
        },
    }
}
