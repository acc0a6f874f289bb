//! The constructor and the setters of structs.

/// Writes the constructor of a struct from its required fields, and a setter of each other field.
///
/// ```text
/// object::methods! {
///     Pet {
///         /// Creates the value from its required fields. The methods below set the others.
///         new(name: into String, kind: value Kind),
///         age: value i64,
///         owner: into String | owner_null owner_value str,
///         loud: value bool = true,
///         ..extra
///     }
/// }
/// ```
///
/// | argument | takes | stores |
/// |---|---|---|
/// | `value T` | `T` | the value |
/// | `into T` | `impl Into<T>` | a `T` |
/// | `into T as W` | `impl Into<T>` | a `W(T)` |
/// | `object T` | pairs of names and JSON values | a `T`, which is a map |
///
/// The field of a setter is a `T` or an `Option<T>`. A field that can be absent and `null` is an `Option<Option<T>>`, and has three
/// names after `|`: the method that sets `null`, the method that returns a reference to the value, and the type of that reference.
/// The expression after `=` is the value of the field in a new struct. Without one it is `None`. The field after `..` has no setter,
/// and starts with its default.
macro_rules! methods {
    ($name:ident {
        $(#[$attribute:meta])*
        new($($argument:ident: $argument_kind:ident $argument_type:ty $(as $argument_wrapper:ident)?),* $(,)?)
        $(, $field:ident: $kind:ident $ty:ty $(as $wrapper:ident)? $(| $null:ident $value:ident $read:ty)? $(= $initial:expr)?)*
        $(, ..$rest:ident)? $(,)?
    }) => {
        impl $name {
            $(#[$attribute])*
            #[must_use]
            pub fn new($($argument: object::argument!($argument_kind $argument_type)),*) -> Self {
                Self {
                    $($argument: object::convert!($argument_kind $argument $argument_type $(as $argument_wrapper)?),)*
                    $($field: object::initial!($($initial)?),)*
                    $($rest: std::default::Default::default(),)?
                }
            }
            $(
                object::setter! { $field $kind $ty $(as $wrapper)? $(| $null $value $read)? }
            )*
        }
    };
}

/// The methods of one field.
macro_rules! setter {
    ($field:ident $kind:ident $ty:ty $(as $wrapper:ident)?) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](#structfield.", stringify!($field), ").")]
        #[must_use]
        pub fn $field(mut self, $field: object::argument!($kind $ty)) -> Self {
            self.$field = std::convert::Into::into(object::convert!($kind $field $ty $(as $wrapper)?));
            self
        }
    };
    ($field:ident $kind:ident $ty:ty $(as $wrapper:ident)? | $null:ident $value:ident $read:ty) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](#structfield.", stringify!($field), ").")]
        #[must_use]
        pub fn $field(mut self, $field: object::argument!($kind $ty)) -> Self {
            self.$field = std::option::Option::Some(std::convert::Into::into(object::convert!($kind $field $ty $(as $wrapper)?)));
            self
        }

        #[doc = concat!(
            "Sends `null` as the value of [`", stringify!($field), "`](#structfield.", stringify!($field),
            "), which is not the same as leaving it out."
        )]
        #[must_use]
        pub fn $null(mut self) -> Self {
            self.$field = std::option::Option::Some(std::option::Option::None);
            self
        }

        #[doc = concat!(
            "Returns the value of `", stringify!($field),
            "`. `None` if the field is absent or `null`, which only the field itself distinguishes."
        )]
        #[must_use]
        pub fn $value(&self) -> std::option::Option<&$read> {
            self.$field.as_ref()?.as_ref().map(|value| -> &$read { value })
        }
    };
}

/// The type of the argument that a method takes for a value.
macro_rules! argument {
    (value $ty:ty) => {
        $ty
    };
    (object $ty:ty) => {
        impl std::iter::IntoIterator<
            Item = (impl std::convert::Into<std::string::String>, impl std::convert::Into<serde_json::Value>),
        >
    };
    ($kind:ident $ty:ty) => {
        impl std::convert::Into<$ty>
    };
}

/// Converts an argument to the value that is stored.
macro_rules! convert {
    (value $argument:ident $ty:ty) => {
        $argument
    };
    (into $argument:ident $ty:ty) => {
        std::convert::Into::<$ty>::into($argument)
    };
    (into $argument:ident $ty:ty as $wrapper:ident) => {
        $wrapper(std::convert::Into::<$ty>::into($argument))
    };
    (object $argument:ident $ty:ty) => {
        std::iter::Iterator::collect::<$ty>(std::iter::Iterator::map(
            std::iter::IntoIterator::into_iter($argument),
            |(key, value)| (std::convert::Into::into(key), std::convert::Into::into(value)),
        ))
    };
}

/// The value of a field in a new struct.
macro_rules! initial {
    () => {
        std::option::Option::None
    };
    ($initial:expr) => {
        $initial
    };
}

pub(crate) use {argument, convert, initial, methods, setter};
