package dev.shadow.core.placement.reassign;

import dev.shadow.spi.InvalidValueException;
import java.io.IOException;
import java.io.Reader;

/** Takes whole numbers apart that stand between white space, and knows in which line it is. */
final class NumberScanner {
    private static final int END = -1;
    private static final int LONGEST_WORD = 40;

    private final Reader in;
    private final char[] buffer = new char[1 << 14];
    private final StringBuilder word = new StringBuilder();
    private int length;
    private int next;
    private int line = 1;

    NumberScanner(Reader in) {
        this.in = in;
    }

    /** Reads a number; {@code what} names it in the complaint if it is missing, no number, or out of range. */
    int number(Name what, int min, int max) throws IOException {
        boolean found = scanWord();
        String allowed = "be a whole number from " + min + " to " + max;
        if (!found) {
            throw new InvalidValueException("line " + line + ": " + what.text(), "the end of the file", allowed);
        }
        try {
            int number = Integer.parseInt(word, 0, word.length(), 10);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw refused(what, allowed);
        }
        throw refused(what, allowed);
    }

    /** Makes sure that nothing follows. */
    void end() throws IOException {
        if (scanWord()) {
            throw refused(() -> "what follows the last number", "be absent");
        }
    }

    private InvalidValueException refused(Name what, String allowed) {
        return new InvalidValueException("line " + line + ": " + what.text(), "'" + word + "'", allowed);
    }

    private boolean scanWord() throws IOException {
        word.setLength(0);
        int c = read();
        while (c != END && Character.isWhitespace(c)) {
            if (c == '\n') {
                line++;
            }
            c = read();
        }
        while (c != END && !Character.isWhitespace(c) && word.length() < LONGEST_WORD) {
            word.append((char) c);
            c = read();
        }
        if (c != END) {
            next--;
        }
        return word.length() > 0;
    }

    private int read() throws IOException {
        if (next == length) {
            length = Math.max(0, in.read(buffer, 0, buffer.length));
            next = 0;
            if (length == 0) {
                return END;
            }
        }
        return buffer[next++];
    }

    /** Words for a number, put together only when they are needed. */
    @FunctionalInterface
    interface Name {
        String text();
    }
}
