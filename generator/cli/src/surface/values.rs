//! The strings of enums, which generated code states in the method `as_str`.

use std::collections::BTreeMap;

use syn::visit::{self, Visit};
use syn::{Arm, Block, Expr, Lit, Pat};

use super::Member;

/// Sets the wire names of the variants that a `match` in the method turns into strings.
pub(super) fn read(method: &Block, variants: &mut BTreeMap<String, Member>) {
    Arms { variants }.visit_block(method);
}

struct Arms<'a> {
    variants: &'a mut BTreeMap<String, Member>,
}

impl<'ast> Visit<'ast> for Arms<'_> {
    fn visit_arm(&mut self, arm: &'ast Arm) {
        if let Pat::Path(pattern) = &arm.pat
            && let Some(variant) = pattern.path.segments.last()
            && let Some(member) = self.variants.get_mut(&variant.ident.to_string())
            && let Some(value) = string(&arm.body)
        {
            member.wire_name = Some(value);
        }
        visit::visit_arm(self, arm);
    }
}

fn string(body: &Expr) -> Option<String> {
    match body {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        Expr::Block(block) => match block.block.stmts.as_slice() {
            [syn::Stmt::Expr(body, None)] => string(body),
            _ => None,
        },
        _ => None,
    }
}
