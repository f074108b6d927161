//! Whether a password opens an archive, found out before any session is read: behind that, a member that does not
//! decrypt is a damaged one.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::http::Secret;
use crate::import::ImportError;

/// Encrypted members that are tried. One that opens is enough, a damaged one proves nothing.
const TRIES: usize = 8;

/// Bytes of a member that are decrypted for the proof.
const ENOUGH: u64 = 1 << 20;

/// What a member says about the password.
enum Answer {
    /// It opens.
    Opens,
    /// The member's check value refuses the password.
    Refuses,
    /// The check value fits, the content does not.
    Contradicts,
    /// The member is damaged in itself.
    Nothing,
}

/// Succeeds if nothing is encrypted or the password opens it, as far as the members can tell.
///
/// The older encryption (`ZipCrypto`) checks one byte only, so that a wrong password passes in one of 256 members; AES checks two
/// (PKWARE APPNOTE 6.3.10 §6.1.6; <https://www.winzip.com/en/support/aes-encryption/>).
pub(super) fn verify<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    password: Option<&Secret>,
) -> Result<(), ImportError> {
    let encrypted: Vec<usize> = (0..archive.len())
        .filter(|index| archive.by_index_data(*index).is_ok_and(|member| member.encrypted()))
        .take(TRIES)
        .collect();
    if encrypted.is_empty() {
        return Ok(());
    }
    let Some(password) = password else { return Err(ImportError::PasswordRequired) };
    let (mut refused, mut contradicted) = (0, 0);
    for index in encrypted {
        match ask(archive, index, password) {
            Answer::Opens => return Ok(()),
            Answer::Refuses => refused += 1,
            Answer::Contradicts if is_aes(archive, index) => return Ok(()),
            Answer::Contradicts => contradicted += 1,
            Answer::Nothing => {}
        }
    }
    // Two members by chance: one in 65,536.
    let by_chance = contradicted < 2;
    if by_chance && refused + contradicted > 0 { Err(ImportError::WrongPassword) } else { Ok(()) }
}

fn ask<R: Read + Seek>(archive: &mut ZipArchive<R>, index: usize, password: &Secret) -> Answer {
    match archive.by_index_decrypt(index, password.reveal().as_bytes()) {
        Ok(member) => match std::io::copy(&mut member.take(ENOUGH), &mut std::io::sink()) {
            Ok(_) => Answer::Opens,
            Err(_) => Answer::Contradicts,
        },
        Err(ZipError::InvalidPassword) => Answer::Refuses,
        Err(_) => Answer::Nothing,
    }
}

fn is_aes<R: Read + Seek>(archive: &mut ZipArchive<R>, index: usize) -> bool {
    matches!(archive.get_aes_verification_key_and_salt(index), Ok(Some(_)))
}
