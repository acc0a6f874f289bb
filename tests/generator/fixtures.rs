//! Small documents, one per feature, and their clients: snapshots of the relevant files, and a check that everything compiles
//! without warnings.

mod exchanges;
mod extended;
mod large;
mod replaced;
mod round_trip;

use std::collections::BTreeSet;
use std::fs;
use std::sync::OnceLock;

use generator::diagnostics::Palette;
use generator::tree::CrateTree;
use generator::{Input, Output, Settings, generate};

use crate::client::workspace::Member;
use crate::repository::repository_rules::files;
use crate::root;

pub(crate) use self::large::wide;
#[cfg(feature = "slow")]
pub(crate) use self::{extended::extended, large::large};

/// The fixtures, by file name.
pub(crate) const FIXTURES: [&str; 30] = [
    "bodies",
    "composition",
    "contents",
    "directions",
    "enums",
    "evidence",
    "examples",
    "failures",
    "fields",
    "forms",
    "globals",
    "headers",
    "modern",
    "multipart",
    "names",
    "namespaces",
    "pages",
    "parameters",
    "paths",
    "polling",
    "replaced",
    "reserved",
    "responses",
    "scalars",
    "security",
    "shapes",
    "streams",
    "styles",
    "unions",
    "untagged",
];

pub(crate) fn text(fixture: &str) -> String {
    let path = root().join(format!("tests/fixtures/{fixture}.yaml"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The output for a fixture. Every fixture is generated once for all tests.
pub(crate) fn output(fixture: &str) -> &'static Output {
    static OUTPUTS: [OnceLock<Output>; FIXTURES.len()] = [const { OnceLock::new() }; FIXTURES.len()];
    let index = FIXTURES.iter().position(|name| *name == fixture).expect("the fixture is listed");
    OUTPUTS[index].get_or_init(|| output_of(fixture, &text(fixture)))
}

/// The output for the text of a fixture.
fn output_of(fixture: &str, text: &str) -> Output {
    if fixture == "replaced" { replaced::output(text) } else { run(fixture, text) }
}

/// The clients of all fixtures.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static CrateTree)> {
    FIXTURES.into_iter().map(|fixture| (fixture, &output(fixture).tree))
}

/// The clients of all fixtures, and the programs that use them.
pub(crate) fn members() -> Vec<Member> {
    let mut members: Vec<_> = FIXTURES.iter().map(|fixture| Member::client(fixture, &output(fixture).tree)).collect();
    members.push(round_trip::reader());
    members.extend(exchanges::programs());
    members
}

pub(crate) fn run(name: &str, text: &str) -> Output {
    let name = format!("{name}.yaml");
    let settings = Settings { has_model_pages: true, has_lints: true, ..Settings::default() };
    let output = generate(&Input { settings, ..Input::new(&name, text) });
    output.unwrap_or_else(|found| panic!("{}", found.render(&name, text, Palette::Plain)))
}

/// The runtime files that a client contains.
const FOLDERS: [&str; 2] = ["src/runtime", "src/doc_examples"];

/// The paths of the runtime files in a client.
fn carried(output: &Output) -> BTreeSet<String> {
    output
        .tree
        .iter()
        .map(|(path, _)| path.to_owned())
        .filter(|path| FOLDERS.iter().any(|folder| path.starts_with(folder)))
        .collect()
}

#[test]
fn every_runtime_file_is_used_by_some_client() {
    let expected: BTreeSet<_> = files("generator/runtime/src")
        .iter()
        .filter(|path| ["runtime", "doc_examples"].iter().any(|part| path.contains(&format!("/src/{part}"))))
        .map(|path| path.replace("generator/runtime/src/", "src/"))
        .collect();
    let found: BTreeSet<_> = FIXTURES.iter().flat_map(|fixture| carried(output(fixture))).collect();
    assert_eq!(found, expected, "generator/src/emit/package/runtime.rs lists them");
}

#[test]
fn a_client_contains_only_the_runtime_files_it_needs() {
    let plain = carried(&run("plain", "{openapi: 3.0.3, info: {title: Plain, version: '1'}, paths: {}}"));
    let more = |fixture: &str| {
        let names = carried(output(fixture)).difference(&plain).cloned().collect::<Vec<_>>().join(" ");
        names.replace("src/runtime/", "").replace("src/doc_examples/", "").replace(".rs", "")
    };
    assert_eq!(more("namespaces"), "");
    assert_eq!(more("pages"), "items.md pages.md pages pages/meta pages/walk");
    assert_eq!(
        more("streams"),
        "download.md events.md resume_point.md save.md downloads downloads/blocking downloads/file downloads/range downloads/reading downloads/request streams streams/events streams/lines streams/meta"
    );
    assert_eq!(
        more("polling"),
        "job_error.md states.md wait.md wait_options.md jobs jobs/blocking jobs/error jobs/limiter jobs/meta jobs/options jobs/poll jobs/poll_loop jobs/states jobs/wait"
    );
    assert_eq!(more("styles"), "styles styles/reserved styles/writer");
    assert_eq!(
        more("scalars"),
        "job_error.md states.md wait.md wait_options.md jobs jobs/blocking jobs/error jobs/limiter jobs/meta jobs/options jobs/poll jobs/poll_loop jobs/states jobs/wait scalars scalars/bytes scalars/chrono scalars/date_time scalars/integer scalars/jiff scalars/macros scalars/net scalars/rust_decimal scalars/time scalars/unix_time scalars/url scalars/uuid"
    );
    assert_eq!(
        more("forms"),
        "body.md download.md file.md resume_point.md save.md downloads downloads/blocking downloads/file downloads/range downloads/reading downloads/request multipart multipart/file multipart/parse multipart/part multipart/received styles styles/reserved styles/writer uploads uploads/file uploads/sent uploads/stream"
    );
    assert_eq!(more("headers"), "headers");
}

#[test]
fn the_page_on_blocking_calls_covers_the_features_of_the_client() {
    let names = |fixture: &str| {
        let page = output(fixture).tree.get("docs/lib/blocking.md").expect("there is a page").to_owned();
        ["call.items()", "call.stream()", "`poll`"].map(|name| page.contains(name))
    };
    assert_eq!(names("namespaces"), [false, false, false]);
    assert_eq!(names("pages"), [true, false, false]);
    assert_eq!(names("streams"), [false, true, false]);
    assert_eq!(names("polling"), [false, false, true]);
}

/// Compares the warnings of a fixture and the files under these paths with their snapshot.
fn check(fixture: &str, paths: &[&str]) {
    let source = text(fixture);
    let output = output(fixture);
    let mut shown = output.diagnostics.render(&format!("{fixture}.yaml"), &source, Palette::Plain);
    for path in paths {
        let files: Vec<_> = output.tree.iter().filter(|(file, _)| file.starts_with(path)).collect();
        assert!(!files.is_empty(), "nothing is made below {path}");
        for (file, text) in files {
            shown.push_str(&format!("//// {file}\n{text}\n"));
        }
    }
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(fixture, shown);
    });
}

/// That they compile and run is checked by the documentation tests of every client.
#[test]
fn examples_of_any_value_are_rust() {
    check("examples", &["README.md", "docs/sdks"]);
}

#[test]
fn dotted_tags_become_nested_namespaces() {
    check("namespaces", &["src/api", "src/client.rs"]);
}

#[test]
fn without_tags_the_methods_are_the_client_s_own() {
    check("untagged", &["Cargo.toml", "src/client.rs", "src/funcs", "src/lib.rs"]);
}

#[test]
fn multipart_bodies_have_a_field_for_each_part() {
    check("multipart", &["docs/sdks", "src/funcs/client.rs"]);
}

#[test]
fn many_operations_without_tags_are_grouped_by_their_paths() {
    check("paths", &["src/api", "src/client.rs"]);
}

#[test]
fn grouping_by_path_needs_more_than_ten_operations_and_two_per_group() {
    let groups = |sizes: &[usize]| {
        let path = |word, number| format!("  /v1/word{word}/{number}: {{get: {{responses: {{}}}}}}\n");
        let paths = sizes.iter().enumerate().flat_map(|(word, size)| (0..*size).map(move |number| path(word, number)));
        let paths: String = paths.collect();
        let text = format!("openapi: 3.0.3\ninfo: {{title: Words, version: '1'}}\npaths:\n{paths}");
        let groups = run("words", &text).api.root.children;
        groups.iter().map(|group| group.operations.len()).collect::<Vec<_>>()
    };
    assert!(groups(&[10]).is_empty());
    assert_eq!(groups(&[11]), [11]);
    assert_eq!(groups(&[2; 6]), [2; 6]);
    assert_eq!(groups(&[7, 1, 1, 1, 1]), [7, 1, 1, 1, 1]);
    assert!(groups(&[6, 1, 1, 1, 1, 1]).is_empty());
}

#[test]
fn a_patch_omits_unset_fields() {
    let types = output("shapes").tree.get("src/types.rs").expect("there are types");
    let (_, patch) = types.split_once("pub struct Patch {").expect("it is there");
    let (patch, _) = patch.split_once("\n}\n").expect("it ends");
    for field in ["pub visible: Option<bool>", "pub name: Option<Option<String>>", "pub role: Option<PatchRole>"] {
        assert!(patch.contains(field), "{field}: {patch}");
    }
}

#[test]
fn strings_and_integers_with_a_format_are_scalars() {
    check(
        "scalars",
        &["Cargo.toml", "docs/models/event.md", "docs/sdks", "src/funcs/", "src/types.rs", "src/scalars.rs"],
    );
}

#[test]
fn types_of_other_crates_and_other_names_replace_those_of_the_document() {
    check("replaced", &["Cargo.toml", "docs/models/purchase.md", "docs/sdks", "src/types.rs"]);
}

#[test]
fn globals_are_set_on_the_client() {
    check("globals", &["src/client.rs", "src/funcs/", "src/api/"]);
}

#[test]
fn every_kind_of_credential_has_its_setter() {
    check("security", &["src/client.rs", "src/funcs/"]);
}

#[test]
fn parameters_are_typed_and_serialized_in_their_style() {
    check("parameters", &["src/funcs/", "src/types.rs"]);
}

#[test]
fn bodies_are_arguments_or_setters() {
    check("bodies", &["src/funcs/", "src/types.rs"]);
}

#[test]
fn unions_are_distinguished_by_their_discriminator() {
    check("unions", &["src/types.rs"]);
}

#[test]
fn intersections_with_unions_keep_all_fields() {
    check("composition", &["src/api", "src/funcs/", "src/types.rs"]);
    let tree = &output("composition").tree;
    let types = tree.get("src/types.rs").expect("there are types");
    for part in [
        "pub struct CatThing {",
        "pub lives: i64,",
        "pub barks: Option<bool>,",
        "\"cat_thing\" =>",
        "pub enum Other {",
        "pub moods: Vec<PetsMoodsItem>,",
        ".field(\"chip\", &crate::runtime::Redacted)",
    ] {
        assert!(types.contains(part), "`{part}` is missing:\n{types}");
    }
    // Only responses have the id, and only requests require the chip.
    let body_of = |name: &str| {
        let after = types.split_once(&format!("pub struct {name} {{")).map(|(_, after)| after);
        after.and_then(|after| after.split_once("\n}")).map(|(body, _)| body.to_owned()).unwrap_or_default()
    };
    let (response, request) = (body_of("CatThing"), body_of("CatThingRequest"));
    assert!(response.contains("pub id: String,") && response.contains("pub chip: Option<String>,"), "{response}");
    assert!(!request.contains("pub id:") && request.contains("pub chip: String,"), "{request}");
    let (_, functions) = tree.iter().find(|(path, _)| path.starts_with("src/funcs/")).expect("there are functions");
    assert!(functions.contains(".field(\"token\", &crate::runtime::Redacted)"), "{functions}");
}

#[test]
fn enums_of_responses_are_open_unless_configured_as_closed() {
    check("enums", &["src/types.rs"]);
}

#[test]
fn fields_have_defaults_and_mask_secrets() {
    check("fields", &["src/types.rs"]);
}

#[test]
fn reserved_words_are_renamed() {
    check("reserved", &["src/api", "src/client.rs", "src/funcs/", "src/types.rs"]);
}

#[test]
fn names_that_clash_with_the_client_are_renamed() {
    check("names", &["src/api", "src/client.rs", "src/funcs/"]);
}

#[test]
fn responses_are_decoded_as_documented() {
    check("responses", &["src/funcs/", "src/types.rs"]);
}

#[test]
fn every_media_type_is_supported() {
    check("forms", &["src/funcs"]);
}

#[test]
fn openapi_3_1_schemas_have_the_right_types() {
    check("modern", &["src/funcs", "src/types.rs"]);
}

#[test]
fn operations_keep_their_retry_policies_and_servers() {
    check("polling", &["src/client.rs", "src/funcs/"]);
}

#[test]
fn pages_are_followed_to_the_next() {
    check("pages", &["src/funcs/", "src/lib.rs", "docs/sdks/users"]);
}

#[test]
fn streams_have_typed_items() {
    check("streams", &["src/funcs/", "src/lib.rs", "docs/sdks/chat"]);
}

#[test]
fn error_bodies_are_typed() {
    check("failures", &["src/funcs/", "src/types.rs", "docs/sdks/things"]);
}

#[test]
fn headers_of_responses_are_typed() {
    check("headers", &["src/client.rs", "src/funcs/", "docs/sdks/"]);
}

#[test]
fn long_running_jobs_are_lowered() {
    let output = output("polling");
    insta::assert_debug_snapshot!((&output.api.operations[0].long_running, &output.api.operations[1].polling));
}

#[test]
fn enum_values_with_the_same_rust_name_are_distinguished() {
    for texts in ["'+1', '-1'", "a-b, a_b, 'a b'", "asc, ASC", "self, Self", "unknown, Unknown", "'<', '<=', '🔑', ''"]
    {
        let text = format!(
            "openapi: 3.0.3
info: {{title: Reactions, version: '1'}}
paths:
  /reaction:
    get:
      operationId: reaction
      responses:
        '200': {{description: one, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Reaction'}}}}}}}}
components:
  schemas:
    Reaction: {{type: string, enum: [{texts}]}}
"
        );
        let types = run("reactions", &text).tree.get("src/types.rs").map(str::to_owned).unwrap_or_default();
        for text in texts.split(", ") {
            let entry = format!(" = \"{}\",", text.trim_matches('\''));
            assert!(types.contains(&entry), "`{entry}` is not in:\n{types}");
        }
    }
}

#[test]
fn numeric_enums_are_numbers() {
    let text = "openapi: 3.0.3
info: {title: Sizes, version: '1'}
paths:
  /size:
    get:
      operationId: size
      responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Shoe'}}}}}
components:
  schemas:
    Shoe: {type: object, required: [size], properties: {size: {type: integer, enum: [1, 2, 3]}}}
";
    let tree = run("sizes", text).tree;
    assert!(tree.get("src/types.rs").is_some_and(|types| types.contains("pub size: ")));
}

/// The types of a request and a response with a field of this schema, by reference and inline.
fn types_of_field(schema: &str) -> String {
    let text = format!(
        "openapi: 3.0.3
info: {{title: Field, version: '1'}}
paths:
  /field:
    post:
      operationId: field
      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Holder'}}}}}}}}
      responses: {{'200': {{description: one, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Holder'}}}}}}}}}}
components:
  schemas:
    Holder: {{type: object, properties: {{field: {{$ref: '#/components/schemas/Held'}}, inline: {schema}}}}}
    Held: {schema}
"
    );
    let tree = run("field", &text).tree;
    tree.get("src/types.rs").map(str::to_owned).expect("there are types")
}

#[test]
fn a_nullable_enum_is_as_open_as_any_other() {
    for schema in ["{type: string, enum: [a, b]}", "{type: string, nullable: true, enum: [a, b, null]}"] {
        let types = types_of_field(schema);
        let open = types.matches("    Unknown(String),").count();
        assert_eq!(open, types.matches("\npub enum ").count(), "{schema} is closed:\n{types}");
    }
}

#[test]
fn an_empty_list_or_map_that_is_set_is_sent() {
    for schema in ["{type: array, items: {type: string}}", "{type: object, additionalProperties: {type: string}}"] {
        let types = types_of_field(schema);
        assert!(!types.contains("::is_empty"), "{schema} is left out when it is empty:\n{types}");
    }
}

#[test]
fn deprecated_fields_and_parameters_are_marked() {
    let types = types_of_field("{type: string, deprecated: true}").to_lowercase();
    assert!(types.contains("deprecated"), "the field does not:\n{types}");
    let functions = output("parameters").tree.get("src/funcs/search.rs").expect("there are functions").to_lowercase();
    assert!(functions.contains("deprecated"), "the parameter does not:\n{functions}");
}

#[test]
fn a_credential_is_sent_where_it_is_allowed() {
    let operations = &output("security").api.operations;
    let maybe = operations.iter().find(|operation| operation.id == "maybe").expect("it is in the fixture");
    // The first alternative whose credentials are set is used: what the operation states comes before the scheme that no
    // operation states, and the alternative without credentials comes last.
    assert_eq!(maybe.security, [vec!["bearer".to_owned()], vec!["unused".to_owned()], vec![]]);
    let open = operations.iter().find(|operation| operation.id == "open").expect("it is in the fixture");
    assert!(open.security.is_empty(), "`security: []` sends no credential: {:?}", open.security);
}

#[test]
fn every_fixture_is_listed() {
    let folder = fs::read_dir(root().join("tests/fixtures")).expect("there are fixtures");
    let names = folder.map(|entry| entry.expect("the folder can be read").file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert_eq!(names, FIXTURES.map(|name| format!("{name}.yaml")));
}

#[test]
fn two_runs_give_the_same_bytes() {
    for fixture in FIXTURES {
        assert!(output_of(fixture, &text(fixture)).tree == output(fixture).tree, "{fixture}");
    }
}

#[test]
fn every_file_names_its_source() {
    for fixture in FIXTURES {
        let files = output(fixture).tree.iter().filter(|(path, _)| *path != replaced::CUSTOM_PATH);
        for (path, text) in files {
            let first = text.lines().next().unwrap_or_default();
            let marker = format!("@generated by `cargo xtask regen` from {fixture}.yaml");
            assert!(first.contains(&marker), "{fixture}, {path}: {first}");
        }
    }
}

#[test]
fn line_endings_of_the_document_do_not_matter() {
    for fixture in FIXTURES {
        let windows = text(fixture).replace('\n', "\r\n");
        assert!(output_of(fixture, &windows).tree == output(fixture).tree, "{fixture}");
    }
}
