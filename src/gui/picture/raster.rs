//! Triangles as pixels: what a graphics card does with the window's shapes, done without one.

use std::collections::HashMap;

use eframe::egui::epaint::{ImageDelta, Mesh, Primitive, Vertex};
use eframe::egui::{ClippedPrimitive, Color32, ImageData, Pos2, Rect, TextureId, TexturesDelta};

use crate::diagram::whole;

/// Pixels to draw on.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
    textures: HashMap<TextureId, Texture>,
}

struct Texture {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
}

impl Canvas {
    /// A canvas of one colour.
    pub(super) fn new(width: usize, height: usize, ground: Color32) -> Self {
        let pixels = vec![ground.to_array(); width * height];
        Self { width, height, pixels, textures: HashMap::new() }
    }

    /// The size in pixels, and red, green and blue of each from top to bottom.
    pub(super) fn into_rgb(self) -> ([usize; 2], Vec<u8>) {
        let rgb = self.pixels.into_iter().flat_map(|[r, g, b, _]| [r, g, b]).collect();
        ([self.width, self.height], rgb)
    }

    /// Takes over changed textures: the glyphs of the fonts.
    pub(super) fn update(&mut self, mut changes: TexturesDelta) {
        let set = std::mem::take(&mut changes.set);
        changes.free.clear();
        let mut set: Vec<(TextureId, Vec<ImageDelta>)> =
            set.into_iter().map(|(id, deltas)| (id, deltas.into_iter().collect())).collect();
        set.sort_by_key(|(id, _)| *id);
        for (id, deltas) in set {
            for delta in deltas {
                let ImageData::Color(image) = delta.image;
                let [width, height] = image.size;
                if let (Some([left, top]), Some(texture)) = (delta.pos, self.textures.get_mut(&id))
                {
                    texture.set(left, top, width, &image.pixels);
                } else {
                    let pixels = image.pixels.iter().map(Color32::to_array).collect();
                    self.textures.insert(id, Texture { width, height, pixels });
                }
            }
        }
    }

    /// Draws shapes that were cut into triangles. `scale` is pixels for a point; `down` moves them, in pixels.
    pub(super) fn draw(&mut self, primitives: &[ClippedPrimitive], scale: f32, down: f32) {
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let place = |at: Pos2| Pos2::new(at.x * scale, at.y * scale + down);
            let clip = Rect::from_min_max(place(clip_rect.min), place(clip_rect.max));
            self.mesh(mesh, &clip, place);
        }
    }

    fn mesh(&mut self, mesh: &Mesh, clip: &Rect, place: impl Fn(Pos2) -> Pos2) {
        let Self { width, height, pixels, textures } = self;
        let Some(texture) = textures.get(&mesh.texture_id) else { return };
        let clip = clip
            .intersect(Rect::from_min_max(Pos2::ZERO, Pos2::new(*width as f32, *height as f32)));
        for corners in mesh.indices.chunks_exact(3) {
            let corner = |at: usize| {
                let vertex = mesh.vertices.get(*corners.get(at)? as usize)?;
                Some(Vertex { pos: place(vertex.pos), ..*vertex })
            };
            let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) else { continue };
            triangle([a, b, c], &clip, |x, y, uv, tint| {
                if let Some(pixel) = pixels.get_mut(y * *width + x) {
                    *pixel = over(*pixel, tint, texture.at(uv));
                }
            });
        }
    }
}

impl Texture {
    /// Replaces a part, `width` pixels wide.
    fn set(&mut self, left: usize, top: usize, width: usize, part: &[Color32]) {
        for (row, line) in part.chunks_exact(width.max(1)).enumerate() {
            let start = (top + row) * self.width + left;
            let to = self.pixels.get_mut(start..start + width).unwrap_or_default();
            for (to, from) in to.iter_mut().zip(line) {
                *to = from.to_array();
            }
        }
    }

    fn at(&self, uv: Pos2) -> [u8; 4] {
        let texel = |part: f32, size: usize| whole(part * size as f32);
        let x = texel(uv.x, self.width).min(self.width.saturating_sub(1));
        let y = texel(uv.y, self.height).min(self.height.saturating_sub(1));
        self.pixels.get(y * self.width + x).copied().unwrap_or([255; 4])
    }
}

/// Calls `paint` for every pixel whose middle is inside; two triangles that share an edge share no pixel.
fn triangle(
    [a, b, c]: [Vertex; 3],
    clip: &Rect,
    mut paint: impl FnMut(usize, usize, Pos2, [f32; 4]),
) {
    let area = cross(a.pos, b.pos, c.pos);
    if area.abs() < f32::EPSILON {
        return;
    }
    let (b, c, area) = if area < 0.0 { (c, b, -area) } else { (b, c, area) };
    let bounds = Rect::from_points(&[a.pos, b.pos, c.pos]).intersect(*clip);
    if !bounds.is_positive() {
        return;
    }
    // The first pixel whose middle is not left of an edge, or above it.
    let pixel = |edge: f32| whole((edge - 0.5).ceil());
    let columns = pixel(bounds.left())..pixel(bounds.right());
    let rows = pixel(bounds.top())..pixel(bounds.bottom());
    let edges = [(b.pos, c.pos), (c.pos, a.pos), (a.pos, b.pos)];
    // A pixel on an edge belongs to the triangle on the right or below.
    let owns = edges.map(|(from, to)| {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        dy < 0.0 || (dy == 0.0 && dx > 0.0)
    });
    let corners = [a, b, c].map(|v| (v.uv, v.color.to_array().map(f32::from)));
    for y in rows {
        for x in columns.clone() {
            let middle = Pos2::new(x as f32 + 0.5, y as f32 + 0.5);
            let weights = edges.map(|(from, to)| cross(from, to, middle));
            let inside = weights.iter().zip(owns).all(|(w, owns)| *w > 0.0 || (*w == 0.0 && owns));
            if !inside {
                continue;
            }
            let (mut uv, mut tint) = (Pos2::ZERO, [0.0; 4]);
            for (weight, (at, color)) in weights.into_iter().zip(corners) {
                let part = weight / area;
                uv += at.to_vec2() * part;
                for (channel, color) in tint.iter_mut().zip(color) {
                    *channel += part * color;
                }
            }
            paint(x, y, uv, tint);
        }
    }
}

fn cross(from: Pos2, to: Pos2, at: Pos2) -> f32 {
    (to.x - from.x) * (at.y - from.y) - (to.y - from.y) * (at.x - from.x)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a channel between 0 and 255"
)]
const fn channel(value: f32) -> u8 {
    value as u8
}

/// A colour of a texture, tinted, over another; all of them premultiplied, as the window blends them.
fn over(below: [u8; 4], tint: [f32; 4], texel: [u8; 4]) -> [u8; 4] {
    let [.., tint_alpha] = tint;
    let [.., texel_alpha] = texel;
    let rest = 1.0 - tint_alpha * f32::from(texel_alpha) / (255.0 * 255.0);
    let mut result = below;
    for (to, (tint, texel)) in result.iter_mut().zip(tint.into_iter().zip(texel)) {
        let above = tint * f32::from(texel) / 255.0;
        *to = channel((above + f32::from(*to) * rest).round());
    }
    result
}

#[cfg(test)]
mod tests {
    use eframe::egui::epaint::Vertex;
    use eframe::egui::{Color32, Pos2, Rect, pos2};

    use super::{over, triangle};

    #[test]
    fn two_triangles_of_a_rectangle_paint_every_pixel_once() {
        let vertex = |x, y| Vertex::untextured(pos2(x, y), Color32::TRANSPARENT);
        let (a, b, c, d) = (vertex(1.0, 1.0), vertex(9.0, 1.0), vertex(9.0, 7.5), vertex(1.0, 7.5));
        let mut painted = [[0_u8; 10]; 10];
        let clip = Rect::from_min_max(Pos2::ZERO, pos2(10.0, 10.0));
        for corners in [[a, b, c], [a, c, d]] {
            triangle(corners, &clip, |x, y, _, _| painted[y][x] += 1);
        }
        for (y, line) in painted.iter().enumerate() {
            for (x, times) in line.iter().enumerate() {
                let inside = (1..9).contains(&x) && (1..7).contains(&y);
                assert_eq!(*times, u8::from(inside), "{x} {y}");
            }
        }
    }

    #[test]
    fn half_a_colour_lets_the_ground_through() {
        let (white, black) = ([255; 4], [0, 0, 0, 255]);
        assert_eq!(over(black, [255.0; 4], white), white);
        assert_eq!(over(black, [128.0; 4], white), [128, 128, 128, 255]);
        assert_eq!(over(white, [0.0; 4], white), white);
    }
}
