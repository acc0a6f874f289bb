//! Names from any string: the result is a Rust identifier, and converting it again does not change it.

use generator::naming::{pascal, snake};
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::target::Target;

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct Names;

impl Target for Names {
    type Input = String;
    const NAME: &'static str = "names";
    const ABOUT: &'static str = "any string converts to an identifier, and converting that again does not change it";
    const SHORT: u64 = 5_000;

    fn inputs() -> BoxedStrategy<String> {
        prop_oneof![
            2 => any::<String>(),
            2 => ".{0,6}",
            2 => "[a-zA-Z0-9_+<>=!*%&|~. -]{0,12}",
            1 => "(self|Self|super|crate|async|gen|type|_|r#try|box|union|try)[_ ]?",
            2 => "[a-z]?\\p{N}[a-z]?",
            1 => "[a-z]?\\p{M}{1,2}[A-Z]?",
        ]
        .boxed()
    }

    fn run(input: &String) -> Result<(), String> {
        let (function, ty) = (snake(input), pascal(input));
        for name in [&function, &ty] {
            if syn::parse_str::<syn::Ident>(name).is_err() {
                return Err(format!("{name:?} is not an identifier"));
            }
        }
        if pascal(&ty) != ty {
            return Err(format!("{ty} becomes {}", pascal(&ty)));
        }
        Ok(())
    }
}
