//! tmp
fn main() {
    let text = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    match generator::generate(&generator::Input { name: "openapi.yaml", text: &text }) {
        Ok(o) => {
            let d = std::env::args().nth(2).unwrap();
            for (p, t) in o.tree.iter() {
                let f = format!("{d}/{p}");
                std::fs::create_dir_all(std::path::Path::new(&f).parent().unwrap()).unwrap();
                std::fs::write(f, t).unwrap();
            }
            print!("{}", o.diagnostics.render("openapi.yaml", &text, generator::diagnostics::Palette::Plain));
        }
        Err(d) => print!("{}", d.render("openapi.yaml", &text, generator::diagnostics::Palette::Plain)),
    }
}
