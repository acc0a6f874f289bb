//! Includes a client that the build script generates.

/// The client.
#[allow(clippy::pedantic, dead_code, unused_imports, reason = "the client is generated, and not all of it is used")]
pub mod intuned {
    include!(concat!(env!("OUT_DIR"), "/intuned.rs"));
}

#[cfg(test)]
mod tests {
    use super::intuned::test_util::MockServer;
    use super::intuned::{Error, types};

    #[tokio::test(start_paused = true)]
    async fn a_client_in_a_module_makes_calls() -> Result<(), Error> {
        let server = MockServer::new();
        server.project_auth_sessions_update_result().respond(types::UpdateAuthSessionResultDone::new("session"));
        let result = server.client().project().auth_sessions().update().result("project", "<id>", "job").await?;
        assert_eq!(result.tag(), "done");
        server.assert_done();
        Ok(())
    }

    #[test]
    fn the_readme_shows_this_build_script() {
        let script = include_str!("../build.rs").replace("../../openapi.yaml", "openapi.yaml");
        let (_, code) = script.split_once("\n\n").unwrap_or_default();
        assert!(include_str!("../../../README.md").contains(code));
    }
}
