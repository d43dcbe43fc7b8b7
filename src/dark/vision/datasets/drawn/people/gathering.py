"""Drawn scenes: one to four people and things somewhere in a picture, and the boxes of faces."""  # dark-7

import numpy as np

from .back import draw_back
from .background import PLACES, background, crowd
from .canvas import Canvas, opencv
from .face import LIGHT, face_of, numbers
from .head import Head
from .household import HANGS, STANDS, THING, draw_thing
from .portrait import CAMERA, FINE, draw_person, photograph, shine
from .wear import hat_of

EMPTY = tuple(place for place in PLACES if place is not crowd)
HAIRLINE = -1.0  # how high the hair of most begins on the forehead
FULL = 1000  # the picture's width and height, in the units of places and sizes
LEAST, MOST = 128, (620, 500, 420, 360)  # height of a face; the highest of one, two, three, four
WIDEST = 95  # hundredths of its height that a face is wide at most, nearly always
TALL = 5  # faces between the middle of one and the picture's lower edge, at most: nobody is a giant
HIDDEN = 42  # hundredths of a face that may lie behind others, reckoned with a margin: less is hidden
WHOLE = {"scene": (0, 2**31 - 1)} | CAMERA | {name: LIGHT[name] for name in ("light_x", "light_y", "light")}


def scene_numbers(rng: np.random.Generator) -> dict:
    """The whole numbers of a scene, with lists of those of its people and things, from far to near."""
    scene = numbers(rng, WHOLE)
    count = int(rng.integers(1, 5))
    backs = (0, 0, 0, 0, 0, 0, 1, 1, 1, 2)[int(rng.integers(10))]
    places = layout(rng, count, backs)
    people = [numbers(rng) | place for place in places]
    for person in people:
        person.update({name: scene[name] for name in ("light_x", "light_y", "light")})
        if rng.integers(100) < 32:
            person["hat"] = int(rng.integers(89, 100))
    for person in reversed(people):
        if any(hidden(face, people) > HIDDEN for face in people if face["seen"]):
            person["roll"] = 0  # who leans over somebody else's face stands upright
    behind = [numbers(rng, THING) for _ in range(int(rng.integers(2, 6)))]
    before = []
    for _ in range(int(rng.integers(0, 3))):
        thing = numbers(rng, THING) | {"kind": int(rng.integers(HANGS, 100))}
        if all(hidden(place, [*places, thing_place(thing)]) <= HIDDEN for place in places if place["seen"]):
            before.append(thing)
            places.append(thing_place(thing))
    return scene | {"people": people, "behind": behind, "before": before}


def layout(rng, count, backs):
    """Where people are: the middle and the height of their faces; the farthest first."""
    while True:
        places = []
        for person in range(count + backs):
            for _ in range(20):
                place = somewhere(rng, count + backs, person < count)
                if fits(place, places):
                    places.append(place)
                    break
        if sum(place["seen"] for place in places) == count:
            return sorted(places, key=lambda place: place["height"])


def somewhere(rng, count, seen):
    """A place for a face, or, not to be seen, for the back of a head."""
    part, most = int(rng.integers(0, 101)), MOST[min(count, 4) - 1]
    height = LEAST + (most - LEAST) * part * part // 10000
    wide = height * WIDEST // 100
    out = 22 if rng.integers(100) < 15 else -4  # hundredths that may be beyond the edge
    x = int(rng.integers(wide * (50 - out) // 100, FULL - wide * (50 - out) // 100 + 1))
    highest = max(height * (65 - out) // 100, FULL - TALL * height)
    y = int(rng.integers(highest, FULL - height * (60 - out) // 100 + 1))
    return {"x": x, "y": y, "height": height, "seen": int(seen)}


def fits(place, others):
    """Whether a place leaves all faces to be seen, mostly."""
    everybody = [*others, place]
    clear = all(hidden(one, everybody) <= HIDDEN for one in everybody if one["seen"])
    inside = overlap(box(place), (0, 0, FULL, FULL)) * 100 >= 74 * area(box(place))
    return inside and clear


def hidden(place, others):
    """At most so many hundredths of a face are behind what is nearer."""
    lost = 0
    for other in others:
        if other is not place and (other["height"] >= place["height"]):
            lost += sum(overlap(box(place), part) for part in covers(other, place["y"]))
    return 100 * lost // area(box(place))


def covers(place, level):
    """What a person hides, as boxes: head, and body as it leans at a level; or a thing."""
    if "covers" in place:
        return place["covers"]
    x, y, half = place["x"], place["y"], place["height"] // 2
    head = x - 13 * half // 10, y - 17 * half // 10, x + 13 * half // 10, y + half
    x -= place.get("roll", 0) * 7 * max(0, level - y) // 1000
    body = x - 21 * half // 10, y + half, x + 21 * half // 10, 2 * FULL
    return head, body


def thing_place(thing):
    """The place of a thing before all others."""
    x, y, r = thing["x"], thing["y"], thing["size"] // 2
    half = 4 * r if thing["kind"] < STANDS else r  # a shelf is longer
    return {"height": 9 * FULL, "seen": 0, "covers": [(x - half, y - 2 * r, x + half, 2 * FULL)]}


def box(place):
    """The box of a face at a place: left, top, right, bottom."""
    x, y, height = place["x"], place["y"], place["height"]
    wide = height * WIDEST // 100
    return x - wide // 2, y - height // 2, x + wide // 2, y + height // 2


def area(box):
    """The area of a box."""
    return max(0, box[2] - box[0]) * max(0, box[3] - box[1])


def overlap(one, other):
    """The area that two boxes share."""
    return area((*map(max, one[:2], other[:2]), *map(min, one[2:], other[2:])))


def scene(numbers: dict, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The picture, uint8 (size, size, 3), the boxes, float32 (n, 4), and whether each head is covered."""
    cv2, fine = opencv("a drawn scene"), FINE * size
    pixels = background(np.random.default_rng(numbers["scene"]), fine, fine, EMPTY)
    canvas = Canvas(pixels)
    for thing in numbers["behind"]:
        draw_thing(canvas, thing, fine, numbers["light_x"])
    boxes, covered = [], []
    for person in numbers["people"]:
        head = Head(face_of(person))
        place_face(head, person, fine)
        part = around(canvas, head)
        if person["seen"]:
            draw_person(part, head)
            boxes.append((face_box(head) + 0.5) / FINE)
            covered.append(hat_of(head.f) != "")
        else:
            draw_back_lit(part, head)
    for thing in numbers["before"]:
        draw_thing(canvas, thing, fine, numbers["light_x"])
    image = cv2.resize(pixels, (size, size), interpolation=cv2.INTER_AREA)
    in_picture = np.clip(np.array(boxes, np.float32), 0, size)
    return photograph(image, numbers), in_picture, np.array(covered)


def draw_back_lit(canvas, head):
    """A person from behind, in the light of the scene."""
    before = canvas.pixels.copy()
    draw_back(canvas, head)
    shine(canvas, head, before)


def place_face(head, place, size):
    """Put the middle of a head's face at its place, as high as it shall be."""
    left, top, right, bottom = face_box(head)  # of the unplaced head, in its own units
    unit = place["height"] / FULL * size / (bottom - top)
    middle = np.array([left + right, top + bottom]) / 2
    head.place(np.array([place["x"], place["y"]]) / FULL * size - 0.5 - unit * middle, unit)


def face_box(head: Head):
    """Left, top, right, bottom of a face: from its hairline to its chin, from one side to the other.

    These are the bounds of the points 0 to 16 of iBUG, the edge of the face above them and the forehead's
    front, as far as they are below the hairline.
    """
    edge = np.concatenate([head.in_space[:17], head.in_space[68:]])
    hairline = HAIRLINE - head.f.forehead / 2
    edge[:, 1] = np.maximum(edge[:, 1], hairline)
    front = head.raised([(-0.5, hairline), (0, hairline), (0.5, hairline)])
    points = head.see(np.concatenate([edge, front]))
    return np.concatenate([points.min(0), points.max(0)])


def around(canvas: Canvas, head: Head) -> Canvas:
    """The part of a canvas where a person is drawn: far people take a small part of the picture."""
    reach = np.array([(-3.4, -3.2), (3.4, 15.5)]) * head.unit
    pixels, origin = canvas.part(head.center + reach)
    return Canvas(pixels, origin)
