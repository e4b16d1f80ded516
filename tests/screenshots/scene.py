"""The scene of the pictures: its senders and their files."""

EMAIL, PASSWORD = "ana@example.com", "a long enough passphrase"
NAME = "Ana Costa"
# Photos, as CSS that paints them.
PHOTOS = {
    "North facade.jpg": "linear-gradient(#8fb8de 0 42%, #d9a066 42% 46%, #b5651d 46% 78%, #5d4a36 78%)",
    "Courtyard at noon.jpg": "radial-gradient(circle at 70% 25%, #fff3c4 0 9%, #0000 9.5%), "
    "linear-gradient(#7cc4e8 0 55%, #79a65b 55% 72%, #c9b38c 72%)",
    "Roof, detail.jpg": "repeating-linear-gradient(60deg, #9c4a32 0 18px, #b9583b 18px 36px)",
}
# Others, by their sizes in bytes.
DOCUMENTS = {"Floor plan.pdf": 1_480_000, "Bill of quantities.xlsx": 212_000, "Model.ifc": 9_700_000}
