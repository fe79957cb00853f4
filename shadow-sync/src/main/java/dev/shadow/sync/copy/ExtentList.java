package dev.shadow.sync.copy;

import dev.shadow.spi.InvalidValueException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Ranges of an image, in order and apart from each other; ranges that touch are one. Immutable.
 *
 * <p>The text form has one range a line: offset and length in bytes, decimal, with white space between; the lines are
 * sorted and do not overlap. Empty lines and lines that start with {@code #} are skipped.
 */
public final class ExtentList {
    private static final int MAX_LINE = 200;

    private final long[] offsets;
    private final long[] lengths;
    private final long bytes;

    private ExtentList(long[] offsets, long[] lengths) {
        this.offsets = offsets;
        this.lengths = lengths;
        this.bytes = Arrays.stream(lengths).sum();
    }

    /** Returns a builder of an empty list. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads the text form.
     *
     * @throws InvalidValueException naming the line, if a line is malformed, out of order or overlaps the one before
     * @throws IOException if the file cannot be read
     */
    public static ExtentList read(Path file) throws IOException {
        Builder builder = builder();
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank() && line.charAt(0) != '#') {
                    addLine(builder, file + " line " + number, line.strip());
                }
            }
        }
        return builder.build();
    }

    private static void addLine(Builder builder, String place, String line) {
        int split = 0;
        while (split < line.length() && !Character.isWhitespace(line.charAt(split))) {
            split++;
        }
        long offset;
        long length;
        try {
            offset = Long.parseLong(line, 0, split, 10);
            String rest = line.substring(split).strip();
            length = Long.parseLong(rest);
        } catch (NumberFormatException e) {
            String shown = line.length() > MAX_LINE ? line.substring(0, MAX_LINE) + "..." : line;
            throw new InvalidValueException(place, "'" + shown + "'", "be an offset and a length in bytes");
        }
        builder.add(place, offset, length);
    }

    /** Number of ranges. */
    public int size() {
        return offsets.length;
    }

    /** Where range {@code index} begins, in bytes. */
    public long offset(int index) {
        return offsets[index];
    }

    /** How long range {@code index} is, in bytes, at least 1. */
    public long length(int index) {
        return lengths[index];
    }

    /** Bytes of all ranges together. */
    public long bytes() {
        return bytes;
    }

    /** Where the last range ends; 0 if there is none. */
    public long end() {
        int last = offsets.length - 1;
        return last < 0 ? 0 : offsets[last] + lengths[last];
    }

    /** Returns what is in this list, in the other, or in both. */
    public ExtentList union(ExtentList other) {
        Builder merged = builder();
        int a = 0;
        int b = 0;
        long coveredTo = 0;
        while (a < size() || b < other.size()) {
            boolean mine = b == other.size() || (a < size() && offsets[a] <= other.offsets[b]);
            long from = mine ? offsets[a] : other.offsets[b];
            long to = from + (mine ? lengths[a++] : other.lengths[b++]);
            if (to > coveredTo) {
                long start = Math.max(from, coveredTo);
                merged.add(start, to - start);
                coveredTo = to;
            }
        }
        return merged.build();
    }

    /** Writes the text form. */
    public void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder(24 * size());
        for (int i = 0; i < size(); i++) {
            text.append(offsets[i]).append(' ').append(lengths[i]).append('\n');
        }
        Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExtentList that
                && Arrays.equals(offsets, that.offsets)
                && Arrays.equals(lengths, that.lengths);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(offsets) + Arrays.hashCode(lengths);
    }

    @Override
    public String toString() {
        return size() + " ranges of " + bytes + " bytes";
    }

    /** Collects ranges in order; not to be shared between threads. */
    public static final class Builder {
        private long[] offsets = new long[64];
        private long[] lengths = new long[64];
        private int size;
        private long end;

        private Builder() {}

        /**
         * Adds a range behind the ones before.
         *
         * @throws InvalidValueException if the range is empty, negative, too long, or not behind the ones before
         */
        public Builder add(long offset, long length) {
            return add("extent", offset, length);
        }

        private Builder add(String place, long offset, long length) {
            if (offset < end) {
                throw new InvalidValueException(
                        place, "offset " + offset, "not begin before the range in front of it ends, at " + end);
            }
            if (length < 1 || length > Long.MAX_VALUE - offset) {
                throw new InvalidValueException(
                        place, "length " + length, "be at least 1 and end within " + Long.MAX_VALUE);
            }
            if (size > 0 && offset == end) {
                lengths[size - 1] += length;
            } else {
                append(offset, length);
            }
            end = offset + length;
            return this;
        }

        /** Adds a range that stays apart even where it touches the one before. */
        void piece(long offset, long length) {
            append(offset, length);
            end = offset + length;
        }

        private void append(long offset, long length) {
            if (size == offsets.length) {
                offsets = Arrays.copyOf(offsets, 2 * size);
                lengths = Arrays.copyOf(lengths, 2 * size);
            }
            offsets[size] = offset;
            lengths[size++] = length;
        }

        /** Returns the list. */
        public ExtentList build() {
            return new ExtentList(Arrays.copyOf(offsets, size), Arrays.copyOf(lengths, size));
        }
    }
}
