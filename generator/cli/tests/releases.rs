//! What a new version of a document changes for users: `diff`, and `generate --bump`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod harness;

use std::fs;
use std::path::Path;
use std::process::Command;

use harness::{Folder, PETS};

/// The document with a breaking change: the property has another type.
fn breaking() -> String {
    PETS.replace("type: integer", "type: string")
}

/// The document with an addition.
fn addition() -> String {
    PETS.replace("{count: ", "{name: {type: string}, count: ")
}

#[test]
fn two_documents_are_compared_without_a_configuration() {
    let folder = Folder::new();
    folder.write("next.yaml", &breaking());
    folder.run(&["diff", "pets.yaml"]).ends_with(2).says("both sides are needed");
    folder.run(&["diff", "pets.yaml", "absent.yaml"]).ends_with(2).says("\"absent.yaml\" is neither a file");
    let run = folder.run(&["diff", "pets.yaml", "next.yaml"]).ends_with(0);
    let expected = "breaking: `types::Pets.count` is `Option<String>` instead of `Option<i64>`\n\n\
                    1 breaking change, 0 additions, 0 other changes.\nThe version after 0.1.0 is 0.2.0.\n";
    assert_eq!(run.out, expected);
    folder.run(&["diff", "pets.yaml", "next.yaml", "--deny-breaking"]).ends_with(1);
    folder.run(&["diff", "pets.yaml", "pets.yaml", "--deny-breaking"]).ends_with(0).says("The public API is the same.");
    let run = folder.run(&["diff", "pets.yaml", "next.yaml", "--format", "json"]).ends_with(0);
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(json["impact"], "major");
    assert_eq!(json["changes"][0]["item"], "types::Pets");
    assert_eq!(json["changes"][0]["member"], "count");
    assert_eq!(json["changes"][0]["kind"], "type-changed");
    assert_eq!(json["changes"][0]["before"], "Option<i64>");
    let run = folder.run(&["diff", "pets.yaml", "next.yaml", "--format", "markdown"]).ends_with(0);
    assert!(run.out.starts_with("### Breaking changes\n\n- `types::Pets.count`"), "{}", run.out);
    folder.write("next.yaml", "openapi: 9.9.9\n");
    folder.run(&["diff", "pets.yaml", "next.yaml"]).ends_with(1).says("error[E004]").says("nothing was compared");
}

#[test]
fn a_side_is_read_from_standard_input_but_not_from_a_url() {
    let folder = Folder::new();
    folder
        .run_with(&["diff", "-", "pets.yaml"], &breaking())
        .ends_with(0)
        .says("`Option<i64>` instead of `Option<String>`");
    folder
        .run_with(&["diff", "pets.yaml", "-"], &breaking())
        .ends_with(0)
        .says("`Option<String>` instead of `Option<i64>`");
    folder
        .run_with(&["diff", "-", "-"], &breaking())
        .ends_with(2)
        .says("only one side can be read from standard input");
    folder
        .run(&["diff", "https://example.com/pets.yaml", "pets.yaml"])
        .ends_with(2)
        .says("the document https://example.com/pets.yaml is a URL, and this program does not access the network")
        .says("help: download it first");
}

#[test]
fn a_crate_in_a_folder_is_compared_without_the_files_of_its_owner() {
    let folder = Folder::generated("");
    folder.write("src/custom.rs", "pub fn own() {}\n");
    folder.run(&["generate"]).ends_with(0);
    folder.run(&["diff", "."]).ends_with(0).says("The public API is the same.");
    folder.write("pets.yaml", &addition());
    folder.run(&["diff", "."]).ends_with(0).says("addition: `types::Pets.name` is new (field)");
}

#[test]
fn names_from_the_configuration_are_renames() {
    for (key, expected) in [
        ("Pets = \"Animals\"", "breaking: `types::Pets` was renamed to `types::Animals`\n\n1 breaking change, "),
        ("\"Pets.count\" = \"number\"", "breaking: `types::Pets.count` was renamed to `number`\n"),
    ] {
        let folder = Folder::generated("");
        folder.write("clientsmith.toml", &format!("document = \"pets.yaml\"\n[types.rename]\n{key}\n"));
        let run = folder.run(&["diff", "."]).ends_with(0);
        assert!(run.out.starts_with(expected), "{}", run.out);
    }
}

#[test]
fn the_type_of_a_header_is_part_of_the_public_api() {
    let with_header = |ty: &str| {
        PETS.replace(
            "{description: All pets., ",
            &format!("{{description: All pets., headers: {{X-Total: {{schema: {{type: {ty}}}}}}}, "),
        )
    };
    let folder = Folder::new();
    folder.write("pets.yaml", &with_header("integer"));
    folder.write("next.yaml", &with_header("boolean"));
    let run = folder.run(&["diff", "pets.yaml", "next.yaml"]).ends_with(0);
    let expected = "breaking: `funcs::ListPetsHeaders.x_total()` returns `Result<Option<bool>, Error>` instead of \
                    `Result<Option<i64>, Error>`\n\n1 breaking change, ";
    assert!(run.out.starts_with(expected), "{}", run.out);
}

#[test]
fn the_version_follows_from_the_changes() {
    let folder = Folder::new();
    folder.write("clientsmith.toml", "# Mine.\ndocument = \"pets.yaml\"\n\n[package]\nversion = \"1.0.0\" # first\n");
    folder.run(&["generate", "--bump"]).ends_with(0).says("there is no earlier version");
    folder.run(&["generate", "--bump"]).ends_with(0).says("nothing changed since 1.0.0: the version stays");
    // A configuration that has lost its version gets it back: the next plain run would lower it.
    let configuration = folder.read("clientsmith.toml");
    folder.write("clientsmith.toml", "document = \"pets.yaml\"\n");
    folder
        .run(&["generate", "--bump", "--dry-run"])
        .ends_with(0)
        .says("would write clientsmith.toml: version 1.0.0, which the configuration did not state");
    folder.run(&["generate", "--bump"]).ends_with(0).says("version 1.0.0, which the configuration did not state");
    assert_eq!(folder.read("clientsmith.toml"), "document = \"pets.yaml\"\n\n[package]\nversion = \"1.0.0\"\n");
    folder.write("clientsmith.toml", &configuration);
    folder.write("pets.yaml", &addition());
    folder.run(&["generate", "--bump", "--dry-run"]).ends_with(0);
    assert!(folder.read("clientsmith.toml").contains("1.0.0"), "a dry run changes nothing");
    folder.run(&["generate", "--bump"]).ends_with(0).says("version 1.1.0 follows 1.0.0");
    assert_eq!(
        folder.read("clientsmith.toml"),
        "# Mine.\ndocument = \"pets.yaml\"\n\n[package]\nversion = \"1.1.0\" # first\n"
    );
    assert!(folder.read("Cargo.toml").contains("version = \"1.1.0\""));
    let changelog = folder.read("CHANGELOG.md");
    assert!(
        changelog.contains("## 1.1.0") && changelog.contains("- `types::Pets.name` is new (field).\n"),
        "{changelog}"
    );
    // Descriptions are not part of the public API, but are published.
    folder.write("pets.yaml", &addition().replace("type: object,", "type: object, description: All of them.,"));
    folder.run(&["generate", "--bump"]).ends_with(0).says("version 1.1.1 follows 1.1.0");
    folder.run(&["check"]).ends_with(0);
    // A version that is already high enough stays.
    folder.write("pets.yaml", &breaking());
    folder.write("clientsmith.toml", "document = \"pets.yaml\"\npackage.version = \"5.0.0\"\n");
    folder.run(&["generate", "--bump"]).ends_with(0).says("version 5.0.0 follows 1.1.1");
    assert_eq!(folder.read("clientsmith.toml"), "document = \"pets.yaml\"\npackage.version = \"5.0.0\"\n");
    folder.run(&["generate", "--bump=v1.0"]).ends_with(2).says("v1.0 contains no generated crate");
    folder.run(&["generate", "pets.yaml", "-o", "client", "--bump"]).ends_with(2).says("--bump needs a configuration");
}

#[test]
fn a_collision_changes_neither_the_configuration_nor_the_changelog() {
    let folder = Folder::generated("");
    let configuration = folder.read("clientsmith.toml");
    folder.write("pets.yaml", &breaking());
    folder.write("src/types.rs", "// Edited.\n");
    folder.run(&["generate", "--bump"]).ends_with(2);
    assert_eq!(folder.read("clientsmith.toml"), configuration);
    assert!(!folder.path("CHANGELOG.md").exists());
}

/// Runs git in a folder. Returns whether it is installed.
fn git(folder: &Folder, arguments: &[&str]) -> bool {
    let identity = ["-c", "user.name=tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").args(identity).args(arguments).current_dir(folder.path(".")).output();
    output.is_ok_and(|output| {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        true
    })
}

/// Needs git, which a machine with Rust need not have: without it, nothing is tested.
#[test]
fn commits_are_compared() {
    let folder = Folder::generated("output = \"client\"\n");
    if !git(&folder, &["init", "--quiet"]) {
        return;
    }
    git(&folder, &["add", "--all"]);
    git(&folder, &["commit", "--quiet", "--message", "first"]);
    git(&folder, &["tag", "first"]);
    folder.run(&["diff"]).ends_with(0).says("The public API is the same.");
    folder.write("pets.yaml", &breaking());
    folder.run(&["diff"]).ends_with(0).says("1 breaking change");
    folder.run(&["diff", "first:pets.yaml"]).ends_with(0).says("1 breaking change");
    folder.run(&["diff", "first:client", "pets.yaml"]).ends_with(0).says("1 breaking change");
    folder.run(&["diff", "first:absent.yaml"]).ends_with(2).says("first does not contain absent.yaml");
    folder.run(&["diff", "second"]).ends_with(2).says("neither a file, nor a folder, nor a commit");
    // The version is that after the commit, however often it is generated.
    folder.run(&["generate", "--bump"]).ends_with(0).says("version 0.2.0 follows 0.1.0");
    folder.run(&["generate", "--bump"]).ends_with(0).says("version 0.2.0 follows 0.1.0");
    let changelog = folder.read("client/CHANGELOG.md");
    assert_eq!(changelog.matches("## 0.2.0").count(), 1, "{changelog}");
    git(&folder, &["add", "--all"]);
    git(&folder, &["commit", "--quiet", "--message", "second"]);
    folder.run(&["generate", "--bump"]).ends_with(0).says("nothing changed since 0.2.0");
    folder.run(&["generate", "--bump=first"]).ends_with(0).says("version 0.2.0 follows 0.1.0");
}

/// Needs git, as [`commits_are_compared`].
#[test]
fn an_overlay_that_a_commit_does_not_have_is_left_out_with_a_note() {
    let folder = Folder::generated("output = \"client\"\n");
    if !git(&folder, &["init", "--quiet"]) {
        return;
    }
    git(&folder, &["add", "--all"]);
    git(&folder, &["commit", "--quiet", "--message", "first"]);
    let overlay = "overlay: 1.0.0\ninfo: {title: More, version: '1'}\n\
                   actions: [{target: '$.components.schemas.Pets.properties', update: {name: {type: string}}}]\n";
    folder.write("more.yaml", overlay);
    folder.write("clientsmith.toml", "document = \"pets.yaml\"\noutput = \"client\"\noverlays = [\"more.yaml\"]\n");
    folder
        .run(&["diff", "HEAD:pets.yaml"])
        .ends_with(0)
        .says("note: HEAD does not contain the overlay more.yaml, which is left out")
        .says("addition: `types::Pets.name` is new (field)");
}

/// Runs the commands of the documented workflow, as far as they are those of the program.
#[test]
fn the_commands_of_the_workflow_work() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/WORKFLOW.md")).unwrap();
    let workflow = page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let workflow: serde_json::Value = serde_yaml::from_str(workflow).unwrap();
    let steps = workflow["jobs"]["client"]["steps"].as_array().unwrap();
    let commands = steps.iter().filter_map(|step| step["run"].as_str()?.strip_prefix("clientsmith "));
    let commands: Vec<Vec<&str>> =
        commands.map(|command| command.split(" > ").next().unwrap().split(' ').collect()).collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    let folder = Folder::generated("warnings.accept = [\"W060\"]\n");
    let has_git = git(&folder, &["init", "--quiet"]);
    if has_git {
        git(&folder, &["add", "--all"]);
        git(&folder, &["commit", "--quiet", "--message", "first"]);
    }
    for command in commands {
        let needs_git = command.contains(&"\"$BASE\"");
        let arguments: Vec<_> =
            command.into_iter().map(|part| if part == "\"$BASE\"" { "HEAD" } else { part }).collect();
        if has_git || !needs_git {
            folder.run(&arguments).ends_with(0);
        }
    }
}
