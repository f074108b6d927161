//! What is made before the program is built: fonts packed for the window, and what Windows wants inside an executable.

use std::env::var_os;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use winresource::WindowsResource;

/// American English, the program's language.
const LANGUAGE: u16 = 0x0409;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    pack_fonts()?;
    if var_os("CARGO_CFG_TARGET_OS").is_some_and(|system| system == "windows") {
        windows_resources()?;
    }
    Ok(())
}

/// Half of what the fonts are is left of them.
fn pack_fonts() -> io::Result<()> {
    println!("cargo::rerun-if-changed=assets/fonts");
    let folder = var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    let pack = |name: &str, font: &[u8]| {
        let file = fs::File::create(Path::new(&folder).join(format!("{name}.z")))?;
        let mut encoder = ZlibEncoder::new(file, Compression::best());
        encoder.write_all(font)?;
        encoder.finish().map(drop)
    };
    for entry in fs::read_dir("assets/fonts")? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "otf" || kind == "ttf") {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            pack(&name, &fs::read(&path)?)?;
        }
    }
    pack("lucide.ttf", lucide_icons::LUCIDE_FONT_BYTES)
}

/// The icon, a version that Explorer shows, and the manifest.
fn windows_resources() -> io::Result<()> {
    println!("cargo::rerun-if-changed=assets/icon/hma-trace.ico");
    println!("cargo::rerun-if-changed=packaging/windows");
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
