"""Files that "Simpan salinan" writes on a tablet, carried to the office and taken in by the way of every record."""
