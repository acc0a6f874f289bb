//! The public API of the client: a snapshot of all public items, and compile-time guarantees of the types.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use intuned_client::{Call, Error, IntunedClient, IntunedClientBuilder, IntunedClientCore, RetryConfig, funcs, types};
use quote::ToTokens;
use syn::{Fields, ImplItem, Item, TraitItem, Visibility};

use crate::root;

/// The public items in these sources below a folder of the repository.
fn surface(folder: &str, is_meant: impl Fn(&str) -> bool) -> String {
    let folder = root().join(folder);
    let mut out = String::new();
    for path in sources(&folder).into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs")) {
        let text = std::fs::read_to_string(&path).expect("the file can be read");
        let mut file = syn::parse_file(&text).expect("the file is Rust");
        generator::macros::expand(&mut file.items);
        let surface = surface_of(&file);
        let name = path.strip_prefix(&folder).expect("it is below the folder").display().to_string().replace('\\', "/");
        if !surface.is_empty() && is_meant(&name) {
            let _ = writeln!(out, "== {name}\n{surface}");
        }
    }
    out
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the entry can be read").path()).collect();
    paths.sort();
    let is_dir = |path: &PathBuf| path.is_dir();
    let (folders, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(is_dir);
    files.into_iter().chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_hidden(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.to_token_stream().to_string().contains("doc (hidden)"))
}

/// Formats tokens for a line of a snapshot.
fn text(tokens: impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let pairs = [
        (" :: ", "::"),
        (" < ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" :", ":"),
        (" ;", ""),
    ];
    pairs.iter().fold(text, |text, (from, to)| text.replace(from, to))
}

fn surface_of(file: &syn::File) -> String {
    let mut out = String::new();
    for item in &file.items {
        match item {
            Item::Struct(item) if is_shown(&item.vis, &item.attrs) => {
                attributes(&item.attrs, &mut out);
                let _ = writeln!(out, "struct {}{}", item.ident, text(&item.generics));
                fields(&item.fields, &mut out);
            }
            Item::Enum(item) if is_shown(&item.vis, &item.attrs) => {
                attributes(&item.attrs, &mut out);
                let _ = writeln!(out, "enum {}{}", item.ident, text(&item.generics));
                for variant in &item.variants {
                    let _ = writeln!(out, "    {}{}", variant.ident, text(&variant.fields));
                }
            }
            Item::Trait(item) if is_shown(&item.vis, &item.attrs) => {
                let _ = writeln!(out, "trait {}{}: {}", item.ident, text(&item.generics), text(&item.supertraits));
                for item in &item.items {
                    match item {
                        TraitItem::Fn(function) if !is_hidden(&function.attrs) => {
                            let _ = writeln!(out, "    {}", text(&function.sig));
                        }
                        TraitItem::Type(ty) if !is_hidden(&ty.attrs) => {
                            let _ = writeln!(out, "    type {}: {}", ty.ident, text(&ty.bounds));
                        }
                        TraitItem::Const(constant) if !is_hidden(&constant.attrs) => {
                            let _ = writeln!(out, "    const {}: {}", constant.ident, text(&constant.ty));
                        }
                        _ => {}
                    }
                }
            }
            Item::Fn(item) if is_shown(&item.vis, &item.attrs) => {
                attributes(&item.attrs, &mut out);
                let _ = writeln!(out, "{}", text(&item.sig));
            }
            Item::Type(item) if is_shown(&item.vis, &item.attrs) => {
                let _ = writeln!(out, "type {}{} = {}", item.ident, text(&item.generics), text(&item.ty));
            }
            Item::Const(item) if is_shown(&item.vis, &item.attrs) => {
                let _ = writeln!(out, "const {}: {}", item.ident, text(&item.ty));
            }
            Item::Use(item) if is_public(&item.vis) => {
                let _ = writeln!(out, "use {}", text(&item.tree));
            }
            Item::Mod(item) if is_public(&item.vis) => {
                let _ = writeln!(out, "mod {}", item.ident);
            }
            Item::Impl(block) => block_surface(block, &mut out),
            _ => {}
        }
    }
    out
}

fn is_shown(visibility: &syn::Visibility, attributes: &[syn::Attribute]) -> bool {
    is_public(visibility) && !is_hidden(attributes)
}

/// Writes the attributes that are part of the public API.
fn attributes(attributes: &[syn::Attribute], out: &mut String) {
    for name in ["derive", "non_exhaustive", "must_use"] {
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
            let _ = match &attribute.meta {
                syn::Meta::List(list) => writeln!(out, "{name}({})", text(&list.tokens)),
                _ => writeln!(out, "{name}"),
            };
        }
    }
}

fn fields(fields: &Fields, out: &mut String) {
    for field in fields.iter().filter(|field| is_public(&field.vis)) {
        let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(out, "    {name}: {}", text(&field.ty));
    }
}

fn block_surface(block: &syn::ItemImpl, out: &mut String) {
    let of = text(&block.self_ty);
    if let Some((path, ..)) = &block.trait_ {
        let (generics, bounds) = (text(&block.generics), text(&block.generics.where_clause));
        let _ = writeln!(out, "impl{generics} {} for {of} {bounds}", text(path));
        return;
    }
    for item in &block.items {
        if let ImplItem::Fn(function) = item
            && is_shown(&function.vis, &function.attrs)
        {
            let _ = writeln!(out, "{of}: {}", text(&function.sig));
        }
    }
}

#[test]
fn nothing_public_changes_unnoticed() {
    insta::assert_snapshot!(surface("generated-client/src", |name| !name.starts_with("runtime/")));
}

/// Each client contains only the parts that its API needs.
#[test]
fn nothing_public_of_the_runtime_changes_unnoticed() {
    insta::assert_snapshot!(surface("generator/runtime/src", |_| true));
}

fn shared<T: Clone + Send + Sync + std::fmt::Debug + 'static>() {}

fn sent_and_shared<T: Send + Sync + 'static>() {}

fn sent<T: Send>(_: &T) {}

#[test]
fn types_can_be_shared_and_futures_sent() {
    shared::<IntunedClient>();
    shared::<IntunedClientCore>();
    shared::<RetryConfig>();
    shared::<types::UpdateAuthSessionStartRequestBody>();
    shared::<types::UpdateAuthSessionStartResponseBody>();
    shared::<types::UpdateAuthSessionResultResponseBody>();
    sent_and_shared::<Error>();
    sent_and_shared::<IntunedClientBuilder>();
    assert_eq!(size_of::<Error>(), size_of::<usize>(), "an error is one pointer");
}

#[test]
fn types_without_floats_are_keys_of_hash_maps() {
    fn keys<T: Eq + std::hash::Hash>() {}
    keys::<types::UpdateAuthSessionStartRequestBody>();
    keys::<types::UpdateAuthSessionStartResponseBody>();
    keys::<types::UpdateAuthSessionResultResponseBody>();
}

#[test]
fn a_call_is_sent_to_another_thread_in_either_form() {
    let intuned = IntunedClient::builder()
        .workspace_id("123e4567-e89b-12d3-a456-426614174000")
        .api_key("key")
        .build()
        .expect("the settings are complete");
    let call = |id| -> Call<'_, funcs::UpdateAuthSessionResult<'_>> {
        intuned.project().auth_sessions().update().result("project", "session", id)
    };
    sent(&call("1"));
    sent(&call("2").send());
    sent(&call("3").send_with_response());
    sent(&IntoFuture::into_future(call("4")));
}
