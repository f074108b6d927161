//! What is made before the program is built: samples and fonts packed, and what Windows wants inside an executable.

use std::collections::BTreeMap;
use std::env::var_os;
use std::fs;
use std::io;
use std::path::Path;

use brotli::enc::BrotliEncoderParams;
use winresource::WindowsResource;

/// American English, the program's language.
const LANGUAGE: u16 = 0x0409;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    pack_all()?;
    if var_os("CARGO_CFG_TARGET_OS").is_some_and(|system| system == "windows") {
        windows_resources()?;
    }
    Ok(())
}

/// Packs the sample traces, and the fonts of the window.
fn pack_all() -> io::Result<()> {
    println!("cargo::rerun-if-changed=sample-traces");
    pack("samples", files("sample-traces", &["har", "saz"])?)?;
    if var_os("CARGO_FEATURE_GUI").is_some() {
        println!("cargo::rerun-if-changed=assets/fonts");
        let mut fonts = files("assets/fonts", &["otf", "ttf"])?;
        fonts.insert("lucide.ttf".to_owned(), lucide_icons::LUCIDE_FONT_BYTES.to_vec());
        pack("fonts", fonts)?;
    }
    Ok(())
}

/// The files of a folder with one of some extensions, by name.
fn files(folder: &str, extensions: &[&str]) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|own| extensions.iter().any(|one| own == *one)) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.insert(name, fs::read(&path)?);
        }
    }
    Ok(files)
}

/// Writes what `src/packed.rs` includes: files one after the other, compressed together since they repeat each other, and
/// where each of them ends.
fn pack(name: &str, files: BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    let folder = var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    let (mut ends, mut all) = (Vec::new(), Vec::new());
    for (file, bytes) in files {
        all.extend(bytes);
        ends.push((file, all.len()));
    }
    // The best takes half a minute, which is well spent on what is downloaded.
    let quality =
        if var_os("PROFILE").is_some_and(|profile| profile == "release") { 11 } else { 5 };
    let parameters = BrotliEncoderParams { quality, lgwin: 22, ..Default::default() };
    let mut packed = fs::File::create(Path::new(&folder).join(format!("{name}.br")))?;
    brotli::BrotliCompress(&mut all.as_slice(), &mut packed, &parameters)?;
    fs::write(Path::new(&folder).join(format!("{name}.rs")), format!("&{ends:?}"))
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
