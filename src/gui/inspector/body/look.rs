//! The ways to look at a body.

/// A way to look at a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::gui::inspector) enum Look {
    /// A tree of members.
    Json,
    /// Names and values.
    Form,
    /// The parts of a multipart body.
    Parts,
    /// A tree of elements.
    Xml,
    /// The words of a web page.
    Page,
    /// The picture itself.
    Picture,
    /// The fields of a binary protocol that can be read.
    Protocol,
    /// The text as it stands.
    #[default]
    Text,
    /// Offsets, bytes and characters.
    Hex,
}

impl Look {
    /// The look's name.
    pub(in crate::gui::inspector) const fn text(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Form => "Form",
            Self::Parts => "Parts",
            Self::Xml => "XML",
            Self::Page => "Page",
            Self::Picture => "Image",
            Self::Protocol => "Fields",
            Self::Text => "Text",
            Self::Hex => "Hex",
        }
    }
}
