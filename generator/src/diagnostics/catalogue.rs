//! The catalogue of all kinds of diagnostics. A number is never reused, even after its diagnostic is removed.
//!
//! Each has a wrong and a right example in the folder `examples`. A test generates from all of them.

use std::sync::LazyLock;

use super::{Code, Example};

macro_rules! catalogue {
    ($($name:ident $id:literal $help:literal $explanation:literal $((no example: $reason:literal))?)*) => {
        $(
            #[doc = concat!("`", $id, "`: ", $explanation)]
            pub static $name: Code = Code {
                id: $id,
                help: $help,
                explanation: $explanation,
                example: example!($id $($reason)?),
            };
        )*

        /// The kinds of this file, in the order of their numbers.
        pub(super) static CODES: &[&Code] = &[$(&$name),*];
    };
}

macro_rules! example {
    ($id:literal) => {
        Example::Fragments {
            wrong: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/diagnostics/examples/", $id, "-wrong.yaml")),
            right: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/diagnostics/examples/", $id, "-right.yaml")),
        }
    };
    ($id:literal $reason:literal) => {
        Example::Unknown($reason)
    };
}

mod types;

pub use self::types::*;

/// All kinds, in the order of their numbers.
pub static ALL: LazyLock<Vec<&Code>> = LazyLock::new(|| [CODES, types::CODES].concat());

catalogue! {
    NOT_YAML "E001"
        "fix the syntax at this location"
        "The input is not valid YAML 1.2 or JSON, has a duplicate key, or is nested too deeply. Nothing else can be \
         checked."
    NOT_AN_OBJECT "E002"
        "pass the OpenAPI document itself to the generator"
        "The root of the input is not an object. The root of an OpenAPI document is an object with `openapi`, `info` \
         and `paths`."
    UNKNOWN_VERSION "E004"
        "write the document in OpenAPI 3.0, 3.1 or 3.2 (`openapi: 3.0.3`), or in Swagger 2.0"
        "The document declares a version other than Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2. Other versions give the \
         same keywords other meanings, so reading them as one of these would produce wrong types."
    MISSING_PART "E005"
        "add or correct this part; the OpenAPI specification requires it"
        "A part that the OpenAPI specification requires in a document, operation or parameter is missing or has the \
         wrong type. The generator does not guess it."
    UNRESOLVED_REFERENCE "E006"
        "add the target of the reference, or correct its spelling"
        "A `$ref` to a parameter, a response or another part that is not a schema points to a location that does not \
         exist in the document, or refers back to itself through other references. Without the target, the API is not \
         described completely. For a schema, this is only a warning (W049)."
    EXTERNAL_REFERENCE "E007"
        "correct the path of the file; save what a URL leads to as a file, and refer to that"
        "A `$ref` leads to a file that was not found, a place that the file does not have, back to itself, or to a \
         URL. The generator reads other files, but never accesses the network. Without the target, the API is not \
         described completely. For a schema, a response or a parameter, this is only a warning (W016, W020)."
    NAME_CLASH "E010"
        "give the operation another `x-speakeasy-name-override`, or another group"
        "An explicit method name is already taken in its namespace. In Rust, two methods of a namespace cannot have \
         the same name, and neither can a method and a nested namespace. The generator does not change explicit \
         names."
    DUPLICATE_PARAMETER "E014"
        "remove one of the two parameters"
        "A parameter list declares two parameters with the same `name` and the same `in`, so it is unclear which one \
         applies."
    POLLING_WITHOUT_LINK "E018"
        "add `links` to the successful response of the operation that starts the job"
        "The operation has a polling block, but no link points to it. Polling returns the result of a job that \
         another operation starts; a standard link identifies the polled operation and the ids to pass to it."
    BAD_POLLING "E019"
        "write a criterion as `$statusCode == 200`, `$response.body#/status == \"done\"`, or `type: regex` with \
         `^(a|b)$` and a `context`; seconds and limits are numbers"
        "The polling block has a criterion or a number that the generator does not understand. A client could then \
         wait forever."
    BAD_RETRIES "E021"
        "see the README for the form of `x-speakeasy-retries`"
        "The retry policy is invalid. The generator does not fall back to a default policy, which could repeat \
         requests that must not be repeated."
    NO_BODY_MEDIA "E023"
        "describe the body under a media type, such as `application/json`, or remove it"
        "A required request body has no media type, so the client cannot send a body."
    BAD_EXTENSION "E027"
        "see the README for the values that the extension allows"
        "An extension has an invalid value. The generator does not ignore it, because the client would then differ \
         from what the extension asks for."
    BAD_PATH "E028"
        "write the path as `/users/{userId}`"
        "The path is malformed, so parameter values cannot be inserted safely. A path starts with `/`, its braces \
         match, and each pair encloses a name. In its query, a parameter is a whole value: `?id={id}`."
    ENDLESS_SCHEMA "E030"
        "remove the schema from its own `allOf` or `not`"
        "A schema contains itself through `allOf` or `not`. Such a schema is infinite, and no value can satisfy it."
        (no example: "a rewrite removes a schema from its own `allOf` (W019), and `not` is ignored; this check \
                      protects the back end from what a rewrite leaves")
    NOT_OPENAPI "E031"
        "compare this location with the OpenAPI 3.0 specification"
        "The document is valid YAML, but one of its parts is not allowed there in OpenAPI 3.0, so the generator does \
         not know what it means."
    BACK_END "E032"
        "simplify the schema that the message names; the back end cannot generate a type for it"
        "Progenitor, the back end that generates the types, rejected the document or panicked. Without types, there \
         is no client."
        (no example: "progenitor accepts every document that the rewrites are known to produce")
    BAD_TEMPLATE "E037"
        "report this as a bug in the generator and include the document"
        "The generator produced invalid Rust. One of its templates cannot handle this document."
        (no example: "no document is known for which a template produces invalid Rust")
    EMPTY_TYPE "E039"
        "check whether parts of its `allOf` contradict each other"
        "The back end determined that no value can satisfy the schema, so its type would have no values."
        (no example: "no document is known that leads to a type without values")
    NEEDS_MODERN "E050"
        "describe the same values with OpenAPI 3.0 keywords"
        "The document uses an OpenAPI 3.1 construct that has no counterpart in OpenAPI 3.0 and cannot be ignored. A \
         type generated without it would accept other values than the document describes."
    BAD_OVERLAY "E051"
        "see the Overlay Specification 1.1; an action has a `target` and `update`, `copy` or `remove`"
        "The file is not a valid overlay of version 1.0 or 1.1, so its changes cannot be determined."
    BAD_JSONPATH "E052"
        "write it as RFC 9535 defines, such as `$.paths['/users'].get` or `$.paths.*[?@.deprecated == true]`"
        "The expression that selects the target of an action is not a valid JSONPath, so the overlay cannot be applied."
    BAD_ACTION "E053"
        "update objects with objects, let `copy` select one value, and never remove the whole document"
        "An action of an overlay cannot be applied to the values that its target selects. A client of the document \
         without the change would not be the one that the overlay asks for."
    TOO_DEEP "E054"
        "combine nested schemas, or move a nested schema to `components.schemas`"
        "A schema is composed of other schemas (`allOf`, `oneOf`, `anyOf`, `not`, `$ref`), these of others, and so \
         on, to a depth that the generator does not follow, because it would exhaust the stack; or arrays and maps \
         are nested too deeply."
    UNKNOWN_SDK_KEY "W001"
        "correct the spelling, or remove the key"
        "`x-sdk` has a key that the generator does not know and ignores."
    UNUSED_GLOBAL "W002"
        "remove the global parameter, or give the operations a parameter with that name and location"
        "The client has a setting for this global parameter, but no operation sends it."
    SEVERAL_SERVERS "W003"
        "put the server that most users want first"
        "The document lists several servers. The client uses the first by default; users can set another with \
         `server_url`."
    BODY_MEDIA_IGNORED "W004"
        "no action needed if this media type is acceptable"
        "The request body is described in several media types. The client sends only one of them."
    MISSING_OPERATION_ID "W005"
        "add a unique `operationId`; methods and types are named after it"
        "The operation has no `operationId`, so it is named after its method and path. A change of the path then \
         renames the method in the client."
    DUPLICATE_OPERATION_ID "W006"
        "give one of the two another operationId"
        "Two operations have the same `operationId`, which must be unique. The client appends a number to the name of \
         the later one; links point to the first."
    DUPLICATE_TYPE "W007"
        "rename one of the two schemas"
        "Rust type names are written in Pascal case, in which the names of these two schemas are equal. The client \
         appends a number to the later one."
    RENAMED_METHOD "W008"
        "give the operation an `x-speakeasy-name-override`, or another group"
        "Two items of a namespace would have the same name in Rust. The client appends a number to the method that \
         comes later."
    BAD_ENUM "W009"
        "list each string once, and quote values that YAML would read as another type (`'no'`, `'1'`)"
        "The values of a string enum must be distinct strings. A value of another type is replaced by its JSON \
         representation, `null` makes the type nullable, and a duplicate is ignored. An enum of numbers or booleans \
         has the stated type; strings among its values are ignored."
    NO_SUCCESS "W010"
        "add the response of the successful case, such as '200' or '204'"
        "The operation describes no successful response. The client treats any 2xx status code as success and does \
         not read the body."
    BAD_DISCRIMINATOR "W011"
        "list each member as a `$ref` and map each value of the property to one of them"
        "The discriminator does not map each value to one member of the union. It selects the members that it maps, \
         and a value without their tags becomes the other member that it fits best."
    PARAMETER_FIXED "W012"
        "declare it with `in: path`, `required: true` and the name in braces in the path"
        "The path and its declared path parameters do not match. The client sends every parameter in the path, as a \
         string if it is not declared, and ignores declared parameters that are not in the path."
    PATH_SUFFIX "W013"
        "remove it from the path, and declare query parameters instead"
        "The path contains a query or a fragment. The query is sent unchanged, except that parameters in it become \
         query parameters. The fragment is ignored because clients never send fragments to a server."
    RAW_BODY "W014"
        "no action needed if bytes, a string or parts built by the caller are acceptable"
        "The client cannot encode or decode the schema of a body in this media type. The caller passes or receives \
         the body as a string or bytes, or builds its parts."
    BAD_DEFAULT "W015"
        "correct the default, or remove it"
        "The default is not valid for its schema, so it is ignored."
    EXTERNAL_SCHEMA "W016"
        "correct the path of the file; save what a URL leads to as a file, and refer to that"
        "The schema is in a file that was not found, or at a URL. The generator never accesses the network, so the \
         value is typed as any JSON."
    NO_COMMON_TYPE "W017"
        "describe the value with one type, such as an object with all properties"
        "The schema requires a value to have several types at once, such as object and string. No single Rust type \
         can represent that, so the value is typed as any JSON."
    STRAY_KEYWORD "W018"
        "remove the keyword, or correct the type"
        "The schema has a keyword that applies only to values of another type. It does not restrict the values of \
         this schema and is ignored."
    ALL_OF_CYCLE "W019"
        "remove the schema from its own `allOf`"
        "A schema includes itself through `allOf`. This does not restrict its values, so the part is ignored."
    EXTERNAL_PART "W020"
        "correct the path of the file; save what a URL leads to as a file, and refer to that"
        "The response or parameter is in a file that was not found, or at a URL. The generator never accesses the \
         network. Such a response is returned as bytes; such a parameter is ignored, or sent as a string if it is in \
         the path."
    BAD_LINK "W021"
        "name an existing operation and give each of its required parameters a `$request.…` or `$response.body#/…`"
        "A link does not name an existing operation, or does not provide the parameters that the operation requires. \
         The link is ignored; polling requires a valid link."
    UNKNOWN_GLOBAL "W022"
        "refer to a parameter of `components.parameters` that is a string"
        "A global parameter must have a name and the type string, because it is set once as a string. Other \
         parameters remain arguments of each call."
    BAD_STATUS "W023"
        "write a status code as three digits, a range as `4XX`, all others as `default`"
        "The key of a response is not a status code from 100 to 599, a range such as `4XX`, or `default`. No response \
         can match it, so it is ignored."
    CALLBACKS_LEFT_OUT "W024"
        "no action needed if you only need a client"
        "Callbacks are requests that the service sends to a server of its user. The client contains no code to \
         receive them."
    RESERVED_ENCODED "W025"
        "no action needed if the service decodes percent-encoding, as servers do; otherwise, move the parameter to the query"
        "The client supports `allowReserved` only for parameters in the query. Elsewhere, reserved characters are \
         percent-encoded, so that a value is never read as another part of the path."
    RELATIVE_SERVER "W026"
        "write the absolute URL of the server, or let users set `server_url`"
        "The server URL is relative to the location of the document, which the client does not know, so the client \
         has no default server."
    ENCODING_IGNORED "W027"
        "describe the field as one that is sent once for each item, or in brackets (`style: deepObject`)"
        "A form field has an `encoding` that the client does not support. The client sends an array as one field per \
         item and an object in brackets."
    BASE_WITHOUT_UNION "W028"
        "add the schemas that the discriminator maps to"
        "A base schema with a discriminator is the union of the schemas that the discriminator maps to and of those \
         that extend it with `allOf`. The schemas that this discriminator maps to do not exist. Values are read as \
         one of the schemas that extend the base, or as the base itself if no schema extends it. Other properties are \
         kept in `extra`, untyped."
    NOT_A_SCHEMA "W029"
        "refer to the schema in that part"
        "A `$ref` in place of a schema points to a response, a parameter or another part that is not a schema. The \
         value is typed as any JSON."
    KEYWORD_DROPPED "W030"
        "no action needed if the service validates the values; otherwise describe them with OpenAPI 3.0 keywords"
        "An OpenAPI 3.1 keyword restricts the values in a way that the Rust type cannot express. The type accepts \
         more values than the document allows, never fewer."
    WEBHOOKS_LEFT_OUT "W031"
        "no action needed if you only need a client"
        "Webhooks are requests that the service sends. The client contains no code to receive them."
    CERTIFICATE_LEFT_OUT "W032"
        "give the client a custom HTTP client that presents the certificate"
        "A client certificate belongs to the connection, not to a call. The generated client therefore neither \
         requests nor sends one."
    FOREIGN_DIALECT "W033"
        "remove `jsonSchemaDialect`, or set it to the dialect of OpenAPI 3.1"
        "The document declares another draft of JSON Schema. Its schemas are read as OpenAPI 3.1 schemas, in which \
         some keywords have another meaning."
    ACTION_WITHOUT_MATCH "W034"
        "correct the target, or remove the action"
        "The target of an overlay action matches nothing, so the action changes nothing. The value that it was \
         written for may have been renamed or removed."
    OVERLAY_MEMBER "W035"
        "correct the spelling, or remove it"
        "The overlay has a key that the Overlay Specification does not define, an action that changes nothing, or an \
         incomplete `info`. Unknown keys and such actions are ignored; `info` is not used, but the specification \
         requires its `title` and `version`."
    OVERLAY_OF_ANOTHER "W036"
        "apply the overlay to the document that it is for, or correct `extends`"
        "The `extends` of an overlay names another document than the one that the overlay is applied to. The overlay \
         is applied anyway."
    LEFT_OUT "W037"
        "fix the reported error to restore this part"
        "With `--lenient`, the smallest schema around an error is read as any JSON. An operation with another error \
         is left out of the client, and so is a schema with an error that no operation uses. Without `--lenient`, the \
         same errors stop the generator."
    UNSENT_SCHEME "W038"
        "use another scheme, or add the credential yourself: a header with `default_header`, a client certificate \
         with `http_client`"
        "The credential of this scheme answers a challenge, signs the request or belongs to the connection, so the \
         client cannot send it. Operations that offer an alternative use that alternative. Others are called without \
         the credential."
    WHOLE_HEADER "W039"
        "set the credential with the name of the scheme in front, such as `Token abc`"
        "The HTTP authentication scheme is neither basic nor bearer. The client sends the credential unchanged as the \
         value of the `Authorization` header."
    BAD_PAGINATION "W040"
        "see the README for the form of `x-speakeasy-pagination`; its outputs are plain paths into the described \
         response"
        "The pagination of the operation is invalid. The client has a method for the operation, but offers neither \
         pages nor items."
    UNLISTED_MEMBER "W041"
        "list the schema among the members of the union, or remove the value from the mapping"
        "The discriminator maps a value to a schema that is not a member of the union. If the document has an object \
         schema of that name, it is added as a member; otherwise the value is treated as unknown."
    RESPONSE_MEDIA_IGNORED "W042"
        "no action needed if the requested media type is acceptable; otherwise describe the other one as a separate \
         operation"
        "The response has several media types with different values. The client requests one of them: JSON if \
         available, otherwise text, otherwise bytes. The others can be requested only if all successful responses of \
         the operation have the same content."
    DEFAULT_SUCCESS "W043"
        "describe the successful response under its status code, such as `200`"
        "The operation describes failures and a `default`, but no successful response. According to the \
         specification, `default` then also applies to success, so the client reads it as the result."
    UNDESCRIBED_PROPERTY "W044"
        "describe the property, or remove it from `required`; often one of the two is misspelt"
        "A schema requires a property that it does not describe. The property is typed as any JSON, and a response \
         without it is rejected."
    CONTRADICTED_PROPERTY "W045"
        "let one part describe the property, or let both refer to the same schema"
        "Parts of an `allOf` give one property different types, or describe it as objects with different fields. The \
         last part that specifies a type applies; other fields of an object in a response are kept in `extra`."
    UNKNOWN_KEY "W046"
        "correct the spelling of the key, or prefix it with `x-` if it is an extension"
        "OpenAPI does not define this key here, so its value is ignored. A misspelt method in a path, for example, \
         loses the operation. In schemas, which may use other vocabularies, only a key that resembles a known one is \
         reported."
    UNDECLARED_SCHEME "W047"
        "declare it in `components.securitySchemes`, or correct its spelling"
        "A security requirement names a scheme that `components.securitySchemes` does not declare. The client has a \
         setter for it, whose value is sent unchanged in the `Authorization` header."
    UNREQUIRED_SCHEME "W048"
        "name the scheme in the `security` of the document or of the operations that accept it"
        "No security requirement names this scheme. If its credential is set, the client sends it with every \
         operation that does not state `security: []` and whose own schemes have no credential."
    UNRESOLVED_SCHEMA "W049"
        "add the target of the reference, or correct its spelling"
        "A schema refers to a schema that does not exist, or refers back to itself through other references. The \
         value is typed as any JSON."
    UNKNOWN_TYPE "W050"
        "use string, number, integer, boolean, array or object"
        "The `type` of a schema is not one that OpenAPI defines, so it is ignored. A schema without other constraints \
         accepts any JSON."
    DYNAMIC_REFERENCE "W051"
        "use `$ref` with the location of the schema"
        "`$dynamicRef` and `$recursiveRef` select their target when a value is validated. The generator resolves \
         `#name` to the only schema with that anchor, and `#` to the closest schema around it with `$recursiveAnchor: \
         true`, or else to the component that contains it. This reference has no such target, so the value is typed \
         as any JSON."
    PLAIN_SERVER "W060"
        "write the `https` URL of the server, or let users call `allow_plain_http(true)` on the builder"
        "The server URL starts with `http://`, and the server is not on the machine of the client. Its requests would \
         contain the credential unencrypted, so the client rejects the server unless the user allows it."
    AMBIGUOUS_DEFAULT "W070"
        "describe the successful response under its status code, such as `200`, or `2XX`"
        "The only response of the operation is `default`, and it is unclear whether it is the value or an error. It \
         is an error if only its description speaks of one, and the value if its description speaks of success or \
         another operation returns its schema. An error leaves the value without a body."
    UNDEFINED_STYLE "W071"
        "use a style that OpenAPI allows in this location, or a `content` with one media type and a schema"
        "OpenAPI does not allow the parameter's `style` in its location, or its `content` has no schema. The document \
         then does not define how to serialize the value. A string, number or boolean is sent in the default style of \
         the location. For any other value, the caller passes the string that is sent."
    UNION_CYCLE "W072"
        "remove the schema from its own `oneOf` or `anyOf`"
        "A schema is a member of its own union, directly or through other unions. Every value matches it if it \
         matches another member, so this member adds nothing. A union without other members is typed as any JSON."
    MODERN_KEYWORD "W080"
        "declare `openapi: 3.1.0`, or use a keyword of OpenAPI 3.0"
        "The document declares OpenAPI 3.0 and uses a keyword that only OpenAPI 3.1 has. `const` is read as in 3.1, \
         because it decides which member of a union a value is. Others are ignored."
    ADJACENT_PARAMETERS "W081"
        "separate the parameters, such as `/{a}/{b}` or `/{a}-{b}`"
        "Nothing separates two parameters of a path, so the service may not know where the value of the first one \
         ends. The client sends both values."
    COLLECTION_FORMAT "W090"
        "use `csv`, or `multi` in a query or a form"
        "A `collectionFormat` of Swagger 2.0 is unknown, or no style of OpenAPI 3.0 writes it in this location. In a \
         path or a header, lists are comma-separated; for any other format, the caller passes the string that is \
         sent. An unknown format is read as `csv`."
    NO_OPERATIONS "W091"
        "no action needed if only the types are needed; otherwise describe the operations under `paths`"
        "The document describes no paths, only components or webhooks. The client has their types, for example to \
         decode the payload of a webhook, and requests that it does not describe."
    MISSING_INFO "W092"
        "add `info` with a `title` and a `version`"
        "OpenAPI requires `info` with a `title` and a `version`. Without a title, the client is named after the file \
         of the document."
}
