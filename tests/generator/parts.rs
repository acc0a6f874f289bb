//! The features of clients that enable parts of the API.

use generator::{Input, as_module, generate};
use insta::assert_snapshot;

/// `User` is in two namespaces; `Order`, its default, and `Item`, which only the type of another crate names, in one; `Event` in none.
const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /orders:
    get:
      operationId: listOrders
      tags: [orders]
      responses: {'200': {description: all, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}
  /users:
    get:
      operationId: getUser
      tags: [time]
      responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
  /health:
    get:
      operationId: getHealth
      responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Health'}}}}}
  /reports:
    get:
      operationId: getReport
      tags: [reports]
      responses: {'204': {description: none}}
components:
  schemas:
    Order:
      type: object
      properties:
        owner: {$ref: '#/components/schemas/User'}
        items: {$ref: '#/components/schemas/Items'}
        state: {allOf: [{$ref: '#/components/schemas/State'}], default: open}
    Items: {type: array, items: {type: object}, x-rust-type: 'Vec<crate::types::Item>'}
    Item: {type: object, properties: {id: {type: string}}}
    State: {type: string, enum: [open, closed]}
    User: {type: object, properties: {name: {type: string}}}
    Health: {type: object, properties: {is_up: {type: boolean}}}
    Event: {type: object, properties: {id: {type: string}}}
";

fn client() -> generator::tree::CrateTree {
    generate(&Input::new("shop.yaml", DOCUMENT)).expect("the document is valid").tree
}

/// Returns the part of a file between two texts.
fn section<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).expect("the file has the section");
    rest.split_once(end).map_or(rest, |(section, _)| section)
}

#[test]
fn each_namespace_has_a_feature() {
    let tree = client();
    let manifest = tree.get("Cargo.toml").expect("a client has a manifest");
    assert_snapshot!(section(manifest, "[features]\n", "# TLS by rustls."), @r#"
    default = ["full", "rustls-tls", "tracing"]
    # The whole API.
    full = ["client", "types", "orders", "reports", "time-api"]
    # The client. Without it, the crate has only types.
    client = ["dep:fastrand", "dep:futures-core", "dep:hyper", "dep:reqwest", "dep:tokio", "dep:tower-layer", "dep:tower-service"]
    # All types, also those of namespaces that are not enabled.
    types = []
    # The namespace `orders`.
    orders = ["client"]
    # The namespace `reports`.
    reports = ["client"]
    # The namespace `time`.
    time-api = ["client"]
    "#);
    let client = tree.get("src/client.rs").expect("a client has the file").replace("\n    ", "\n");
    assert_snapshot!(section(&client, "/// The operations of `time`.\n///\n", "\n}\n\n"), @r#"
    /// Requires the feature `time-api`.
    #[cfg(feature = "time-api")]
    #[must_use]
    pub fn time(&self) -> api::time::Time<'_> {
        api::time::Time {
            core: &self.core,
        }
    "#);
    let functions = tree.get("src/funcs.rs").expect("a client has the file");
    assert_snapshot!(section(functions, "functions.\n\n", "\0"), @r#"
    mod client;
    #[cfg(feature = "orders")]
    mod orders;
    #[cfg(feature = "reports")]
    mod reports;
    #[cfg(feature = "time-api")]
    mod time;

    pub use self::client::*;
    #[cfg(feature = "orders")]
    pub use self::orders::*;
    #[cfg(feature = "reports")]
    pub use self::reports::*;
    #[cfg(feature = "time-api")]
    pub use self::time::*;
    "#);
}

#[test]
fn a_type_requires_a_feature_of_a_namespace_that_reaches_it() {
    let tree = client();
    let types = tree.get("src/types.rs").expect("a client has the file");
    assert!(!types.contains("Items"), "{types}");
    assert_snapshot!(section(types, "received.\n\n", "/// `Health`."), @r#"
    #[cfg(any(feature = "orders", feature = "types"))]
    mod for_orders;
    #[cfg(any(feature = "orders", feature = "time-api", feature = "types"))]
    mod for_orders_time_api;
    #[cfg(feature = "types")]
    mod for_types;

    #[cfg(any(feature = "orders", feature = "types"))]
    pub use self::for_orders::*;
    #[cfg(any(feature = "orders", feature = "time-api", feature = "types"))]
    pub use self::for_orders_time_api::*;
    #[cfg(feature = "types")]
    pub use self::for_types::*;

    use crate::runtime::object;
    use crate::runtime::string_enum;

    /// Generation of default values for serde.
    mod defaults {
        #[cfg(any(feature = "orders", feature = "types"))]
        pub(super) fn order_state() -> super::State {
            super::State::Open
        }
    }

    /// Compiles only for types with the traits that the types and the calls of the client need.
    const fn assert_value<T>()
    where
        T: Clone + std::fmt::Debug + std::cmp::PartialEq + std::marker::Send
            + std::marker::Sync + serde::Serialize + serde::de::DeserializeOwned + 'static,
    {}
    "#);
    let files = tree.iter().filter(|(path, _)| path.starts_with("src/types/"));
    let structs = files.map(|(path, text)| {
        let names = text.lines().filter_map(|line| line.strip_prefix("pub struct ").or(line.strip_prefix("pub enum ")));
        let names: Vec<_> = names.map(|name| name.trim_end_matches(" {")).collect();
        format!("{path}: {}\n", names.join(", "))
    });
    assert_snapshot!(structs.collect::<String>(), @r"
    src/types/for_orders.rs: Item, Order, State
    src/types/for_orders_time_api.rs: User
    src/types/for_types.rs: Event
    ");
    let order = tree.get("src/types/for_orders.rs").expect("the type has a file");
    assert_snapshot!(section(order, "use super::*;\n\n", "#["), @r"
    /// `Item`.
    ///
    /// Requires one of the features `orders` or `types`.
    ");
}

#[test]
fn a_module_has_the_whole_api() {
    let module = as_module(&client(), "shop").expect("the client is Rust");
    for part in ["\"full\"", "\"client\"", "\"types\"", "\"orders\"", "\"time-api\""] {
        assert!(!module.lines().any(|line| line.contains("cfg(") && line.contains(part)), "{part}");
    }
    assert!(module.contains("cfg(feature = \"blocking\")"));
}
