//! Compiles the generated parser and the scanner beside it.

fn main() {
    let mut build = cc::Build::new();
    build.include("src").std("c11").warnings(false).file("src/scanner.c");
    println!("cargo:rerun-if-changed=src/scanner.c");
    println!("cargo:rerun-if-changed=src/parser.c");
    if std::path::Path::new("src/parser.c").exists() {
        build.file("src/parser.c");
    } else {
        // Before the parser is generated for the first time, something has to be there to link.
        println!("cargo:rustc-cfg=no_parser");
    }
    println!("cargo:rustc-check-cfg=cfg(no_parser)");
    build.compile("tree-sitter-rules");
}
