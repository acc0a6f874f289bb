//! The configuration: what each key does, and how mistakes are reported.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod harness;

use std::fs;

use clientsmith::config;
use harness::Folder;

/// Configurations, and what is reported for each.
const INVALID: &[(&str, &str)] = &[
    ("documnt = \"pets.yaml\"", "clientsmith.toml:1:1: unknown key `documnt`; did you mean `document`?"),
    ("document = 1", "clientsmith.toml:1:12: `document` must be a string, but is of type integer"),
    ("document = \"pets.yaml\"\n[package]\nname = \"My Pets\"", "clientsmith.toml:3:8: \"My Pets\" is not the name"),
    ("document = \"pets.yaml\"\n[package]\nversion = \"1\"", "clientsmith.toml:3:11: \"1\" is not a version"),
    (
        "document = \"pets.yaml\"\n[warnings]\ndeny = [\"W003\", \"E001\"]",
        "clientsmith.toml:3:17: \"E001\" is not the code",
    ),
    ("document = \"pets.yaml\"\n[package]\nname = \"fn\"", "clientsmith.toml:3:8: \"fn\" is not the name of a package"),
    (
        "document = \"pets.yaml\"\n[client]\nname = \"Error\"",
        "clientsmith.toml:3:8: \"Error\" is not the name of a client",
    ),
    ("document = \"pets.yaml\"\nclient.environment = \"my-api\"", "clientsmith.toml:2:22: \"my-api\" is not a prefix"),
    (
        "document = \"pets.yaml\"\n[dependencies]\nserde = \"1\"",
        "clientsmith.toml:3:1: every generated crate depends on `serde`",
    ),
    (
        "document = \"pets.yaml\"\n[dependencies]\nchrono = 4",
        "clientsmith.toml:3:1: the dependency `chrono` is neither",
    ),
    (
        "document = \"pets.yaml\"\n[warnings]\naccept = [\"W003\"]\ndeny = [\"W003\"]",
        "clientsmith.toml:3:11: \"W003\" is both accepted and denied",
    ),
    ("document = ", "clientsmith.toml:1:12: "),
    ("", "clientsmith.toml:1:1: missing key `document`\nhelp: state the OpenAPI document"),
    (
        "document = \"pets.yaml\"\noutput = \"https://example.com\"",
        "clientsmith.toml:2:10: \"https://example.com\" is a URL",
    ),
    (
        "document = \"-\"",
        "clientsmith.toml:1:12: a configuration cannot read its document from standard input\nhelp: write",
    ),
    (
        "document = \"pets.yaml\"\n[package]\nlicense = \"MIT/Apache\"",
        "clientsmith.toml:3:11: \"MIT/Apache\" is not an SPDX expression: ",
    ),
    (
        "document = \"pets.yaml\"\npackage.license = \"Proprietary\"",
        "help: use identifiers of https://spdx.org/licenses",
    ),
    (
        "document = \"pets.yaml\"\npackage.keywords = [\"my pets\"]",
        "clientsmith.toml:2:21: \"my pets\" is not a keyword",
    ),
    (
        "document = \"pets.yaml\"\npackage.keywords = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"]",
        "clientsmith.toml:2:46: a package has at most 5 keywords",
    ),
    (
        "document = \"pets.yaml\"\npackage.homepage = \"example.com\"",
        "clientsmith.toml:2:20: \"example.com\" is not a URL",
    ),
    ("document = \"pets.yaml\"\nlicense = \"MIT\"", "unknown key `license`; did you mean `package.license`?"),
    ("document = \"pets.yaml\"\npackage = 1", "clientsmith.toml:2:11: `package` must be a table"),
    (
        "document = \"pets.yaml\"\n[types]\nPet = \"crate::Pet\"",
        "clientsmith.toml:3:1: unknown key `Pet`\nhelp: the keys in [types] are attributes, derives",
    ),
    ("document = \"pets.yaml\"\n[types.format]\na = \"b::C\"", "unknown key `format`; did you mean `formats`?"),
    (
        "document = \"pets.yaml\"\n[types.formats]\ndate-time = \"a b\"",
        "clientsmith.toml:3:13: `types.formats.date-time`: `a b` is not the path of a type\nhelp: write the path of a type",
    ),
    (
        "document = \"pets.yaml\"\n[types.schemas]\nPet = { path = \"a::B\", version = \"1\" }",
        "clientsmith.toml:3:7: `types.schemas.Pet`: `version` without a `crate`",
    ),
    (
        "document = \"pets.yaml\"\n[types.properties]\n\"Pet.name\" = { paths = \"a::B\" }",
        "`types.properties.Pet.name`: unknown member `paths`",
    ),
    (
        "document = \"pets.yaml\"\n[types.rename]\nPet = \"my pet\"",
        "clientsmith.toml:3:7: `types.rename.Pet`: `my pet` is not a name\nhelp: write a name of letters",
    ),
    (
        "document = \"pets.yaml\"\n[types.rename]\nPet = 1",
        "clientsmith.toml:3:7: `types.rename.Pet`: the value is not a name",
    ),
    (
        "document = \"pets.yaml\"\n[types.derives]\nPet = [\"Hash\", \"Hash Eq\"]",
        "clientsmith.toml:3:16: \"Hash Eq\" is not the path of a trait",
    ),
    (
        "document = \"pets.yaml\"\n[types.attributes]\nPet = [\"must_use\"]",
        "clientsmith.toml:3:8: \"must_use\" is not an attribute\nhelp: write one attribute in each string",
    ),
    (
        "document = \"pets.yaml\"\n[features]\ndefault = [\"gzip\", \"rustls\"]",
        "clientsmith.toml:3:20: the crate has no feature \"rustls\"\nhelp: choose from rustls-tls, native-tls",
    ),
    ("document = \"pets.yaml\"\nfeatures.default = [\"http-2\"]", "\"http-2\"; did you mean `http2`?"),
    ("document = \"pets.yaml\"\nfeatures.default = [\"xml\"]", "has `xml`, but the crate does not need this feature"),
    (
        "document = \"pets.yaml\"\nwarnings.accept = [\"w003\"]",
        "clientsmith.toml:2:20: \"w003\" is not the code of a warning; did you mean `W003`?",
    ),
    ("document = \"other.yaml\"", "cannot read the document other.yaml"),
];

#[test]
fn an_invalid_configuration_is_located() {
    for (text, message) in INVALID {
        let folder = Folder::new();
        folder.write("clientsmith.toml", text);
        folder.run(&["generate"]).ends_with(2).says(message);
        assert!(!folder.path("Cargo.toml").exists());
    }
    Folder::new().run(&["generate"]).ends_with(2).says("`clientsmith init DOCUMENT` writes one");
}

#[test]
fn an_owner_can_depend_on_a_crate_of_scalars_with_other_features() {
    let folder = Folder::new();
    folder.write("pets.yaml", &harness::PETS.replace("type: integer", "type: string, format: date"));
    folder.write(
        "clientsmith.toml",
        "document = \"pets.yaml\"\n[dependencies]\nchrono = { version = \"0.4\", features = [\"serde\"] }\n",
    );
    folder.run(&["generate"]).ends_with(0);
    let manifest: toml::Table = folder.read("Cargo.toml").parse().unwrap();
    assert_eq!(manifest["dependencies"]["chrono"]["features"].as_array().unwrap().len(), 1);
    assert!(manifest["features"].get("chrono").is_none() && manifest["features"].get("jiff").is_some());
    let known = &manifest["lints"]["rust"]["unexpected_cfgs"]["check-cfg"];
    assert_eq!(known.as_array().unwrap()[0].as_str().unwrap(), "cfg(feature, values(\"chrono\"))");
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let folder = Folder::new();
    folder.write(
        "clientsmith.toml",
        "document = \"pets.yaml\"\nlenient = \"yes\"\n[package]\nversion = \"1\"\nlicence = \"MIT\"\n[warnings]\ndeny = [\"W9\", 3]\n",
    );
    let run = folder.run(&["generate"]).ends_with(2);
    let places: Vec<&str> =
        run.err.lines().filter_map(|line| line.strip_prefix("error: clientsmith.toml:")?.split(": ").next()).collect();
    assert_eq!(places, ["2:11", "4:11", "5:1", "7:9", "7:15"], "{}", run.err);
    assert_eq!(run.err.lines().filter(|line| line.starts_with("help: ")).count(), 5, "{}", run.err);
    assert!(run.err.contains("unknown key `licence`; did you mean `license`?"), "{}", run.err);
}

#[test]
fn a_configuration_and_a_document_are_not_combined() {
    let folder = Folder::generated("");
    folder
        .run(&["generate", "pets.yaml", "--config", "clientsmith.toml"])
        .ends_with(2)
        .says("--config and a document cannot be combined")
        .says("help: leave out pets.yaml");
}

#[test]
fn the_default_features_and_the_metadata_can_be_chosen() {
    let folder = Folder::generated(
        "[package]\ndescription = \"All pets.\"\nhomepage = \"https://example.com\"\ndocumentation = \"https://docs.example.com/a\"\n\
         license = \"MIT OR LicenseRef-Own\"\n[features]\ndefault = [\"native-tls\", \"gzip\"]\n",
    );
    let manifest = folder.read("Cargo.toml");
    for line in [
        "description = \"All pets.\"",
        "homepage = \"https://example.com\"",
        "documentation = \"https://docs.example.com/a\"",
        "license = \"MIT OR LicenseRef-Own\"",
        "default = [\"full\", \"native-tls\", \"gzip\"]",
    ] {
        assert!(manifest.lines().any(|found| found == line), "{line} is not in:\n{manifest}");
    }
    assert!(folder.read("README.md").contains("| `rustls-tls` | no |"));
    assert!(folder.read("src/lib.rs").contains("| `gzip` | yes |"));
    assert!(!folder.read("src/lib.rs").contains("enabled by default"));
}

#[test]
fn types_get_configured_derives_and_attributes() {
    let folder = Folder::generated(
        "[types.derives]\nall = [\"Clone\", \"schemars::JsonSchema\"]\nPets = [\"PartialOrd\"]\n[types.attributes]\nPets = [\"#[must_use]\"]\n",
    );
    let types = folder.read("src/types.rs");
    let (before, _) = types.split_once("pub struct Pets").unwrap();
    for line in ["#[derive(schemars::JsonSchema)]", "#[derive(PartialOrd)]", "#[must_use]"] {
        assert!(before.lines().any(|found| found == line), "{line} is not in:\n{before}");
    }
    assert_eq!(before.matches("Clone").count(), 1, "{before}");
}

#[test]
fn types_of_other_crates_and_other_names_are_in_the_client() {
    let folder = Folder::generated(
        "[types.properties]\n\"Pets.count\" = { path = \"big::Count\", crate = \"big\", version = \"2\" }\n\
         [types.rename]\nPets = \"Animals\"\n\"Pets.count\" = \"number\"\n",
    );
    let types = folder.read("src/types.rs");
    for text in ["pub type Count = big::Count;", "pub struct Animals {", "pub number: Option<Count>"] {
        assert!(types.contains(text), "{text} is not in:\n{types}");
    }
    assert!(folder.read("Cargo.toml").contains("\nbig = \"2\"\n"));
}

#[test]
fn names_that_the_document_does_not_have_are_warnings_that_can_be_denied() {
    let folder = Folder::new();
    let text = "document = \"pets.yaml\"\n[types.schemas]\nPet = \"a::B\"\n[warnings]\n";
    folder.write("clientsmith.toml", &format!("{text}deny = [\"W097\"]\n"));
    folder
        .run(&["generate"])
        .ends_with(1)
        .says("error[W097]")
        .says("did you mean `Pets`?\n --> clientsmith.toml:3:1\n");
    folder.write("clientsmith.toml", &format!("{text}accept = [\"W097\"]\n"));
    let run = folder.run(&["generate"]).ends_with(0);
    assert!(!run.err.contains("W097"), "{}", run.err);
}

#[test]
fn a_new_name_that_is_taken_is_an_error_at_its_key() {
    let folder = Folder::new();
    folder.write("clientsmith.toml", "document = \"pets.yaml\"\n[types.rename]\nPets = \"String\"\n");
    let message = "error[E027]: a type cannot have the name `String`\n --> clientsmith.toml:3:1\n";
    folder.run(&["generate"]).ends_with(1).says(message);
}

#[test]
fn a_type_that_does_not_exist_is_a_warning() {
    let folder = Folder::new();
    folder.write("clientsmith.toml", "document = \"pets.yaml\"\n[types.derives]\nall = [\"Eq\"]\nPet = [\"Hash\"]\n");
    folder
        .run(&["generate"])
        .ends_with(0)
        .says("warning[W097]: the client has no type `Pet`; did you mean `Pets`?\n --> clientsmith.toml:4:1\n");
}

#[test]
fn the_page_names_exactly_the_keys_that_the_program_accepts() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/CONFIGURATION.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let described: Vec<&str> = rows.collect();
    assert_eq!(described, config::keys().collect::<Vec<_>>());
}
