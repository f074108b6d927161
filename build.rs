//! What Windows wants inside an executable: the icon, a version that Explorer shows, and the manifest. Nothing elsewhere.

use std::env::var_os;
use std::io;

use winresource::WindowsResource;

/// American English, the program's language.
const LANGUAGE: u16 = 0x0409;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=assets/icon/hma-trace.ico");
    println!("cargo::rerun-if-changed=packaging/windows");
    if var_os("CARGO_CFG_TARGET_OS").is_none_or(|system| system != "windows") {
        return Ok(());
    }
    WindowsResource::new()
        .set_language(LANGUAGE)
        .set_icon("assets/icon/hma-trace.ico")
        .set_manifest_file("packaging/windows/hma-trace.manifest")
        .set("ProductName", "HMA Trace Analyzer")
        // Explorer and the task manager show this as the program's name.
        .set("FileDescription", "HMA Trace Analyzer")
        .set("OriginalFilename", "hma-trace.exe")
        .set("InternalName", "hma-trace")
        .set("LegalCopyright", "MIT or Apache-2.0")
        .compile_for("hma-trace")
}
