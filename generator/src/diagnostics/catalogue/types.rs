//! Diagnostics about how values are typed: XML, the headers of responses, and the parts of multipart bodies.

use super::super::{Code, Example};

catalogue! {
    UNTYPED_XML "W093"
        "give the schema one type, and describe its properties or items"
        "OpenAPI describes how objects, lists and scalars are written in XML. XML itself does not tell a number from \
         a string or one item from a list, so a schema that accepts values of several kinds does not say how to read \
         an element: the element is read as a string, or as an object of its attributes and elements. A property \
         whose name XML does not allow, or that has the location of another property, is neither read nor written."
    UNNAMED_XML "W094"
        "add `xml: {name: …}` to the schema, or refer to a schema under `components`"
        "The element of a body in XML has the name that `xml.name` states, or that of its schema under `components`. \
         This schema has neither, so the caller passes the body as a string."
    UNTYPED_HEADER "W095"
        "give the header a `schema` that is a string, number or boolean, or a list of these"
        "A response header is an object, a union or a value of a media type. The method for it returns the string that \
         the service sent."
    INVALID_HEADER_NAME "W096"
        "correct the name; a header name consists of letters, digits and `-`"
        "A response header has a name that HTTP does not allow, such as one with a space. No response can have it, so \
         the client has no method for it."
    UNMATCHED_CUSTOMISATION "W097"
        "correct the name; see the documentation of the configuration for what it names"
        "The configuration customises a type, schema, property, format or value that the document does not have. The key \
         has no effect."
        (no example: "the configuration is not part of the document")
    BAD_RUST_TYPE "W098"
        "write `x-rust-type: my_crate::Money`, or an object with `path`, and with `crate` and `version` for a dependency; \
         replace the types of the fields of a form instead of the form"
        "The type of another crate is described in another form than the path of a type, or than an object with `path`, \
         `crate`, `version` and `features`, or it replaces a form, whose fields the client sends one by one. The client has the \
         type that it would have without the extension."
    NAMES_IGNORED "W099"
        "write one entry for each value, in the order of the values"
        "A list of names or descriptions has more or fewer entries than the enum has values, so it is unclear which entry \
         is for which value. The list is ignored."
    PART_ENCODED_BY_CALLER "W100"
        "no action needed if the caller can encode the part; otherwise use a media type of JSON or text"
        "The client writes parts of a multipart body as JSON, as text or as files. This part is an object, an array or \
         a union in another media type, or a union of bytes and values that are not text. The caller passes its bytes, \
         which are sent with that media type."
    PART_ENCODING_IGNORED "W101"
        "no action needed if the part is acceptable as it is sent; otherwise build the parts with `Multipart`"
        "The entry of `encoding` states something that the client does not do. It sends each item of an array as its own \
         part and objects as JSON, whatever `style` and `explode` state, uses the first of several media types unless the \
         part is a file, and leaves out headers that are not a string, number or boolean, constant headers with characters \
         that are not allowed, and variable headers of arrays."
    NAME_CHANGED "W102"
        "choose another name, or remove the extension"
        "An `x-speakeasy-name-override` states a name that cannot be used as it is. If the name is in Rust's prelude, or another \
         type or field has it, a number is added to one of the names. A name that is not an identifier is converted to one."
    UNKNOWN_LICENCE "W103"
        "write an SPDX expression as `info.license.name`, in `info.license.identifier` (OpenAPI 3.1), or as `package.license` in the \
         configuration"
        "Cargo expects an SPDX expression. The licence of the document is not one, so the manifest has `LicenseRef-` and its \
         name. Registries may reject that."
}
