package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/**
 * Names of files relative to the root of a tree: components joined by {@code /}. A name that comes from a peer is
 * accepted only if each component is an ordinary name, so that it cannot lead out of the tree.
 */
final class TreePath {
    static final int MAX_BYTES = 4096;
    static final int MAX_COMPONENT_BYTES = 255;
    static final int MAX_DEPTH = 256;

    /** Parents before children, and a directory's whole content together. */
    static final Comparator<String> ORDER = TreePath::compare;

    private TreePath() {}

    private static int compare(String a, String b) {
        int n = Math.min(a.length(), b.length());
        for (int i = 0; i < n; i++) {
            int difference = rank(a.charAt(i)) - rank(b.charAt(i));
            if (difference != 0) {
                return difference;
            }
        }
        return a.length() - b.length();
    }

    private static int rank(char c) {
        return c == '/' ? 0 : c;
    }

    /** Returns the directory that the path lies in; empty for the root. */
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Refuses what cannot be the name of a file inside a tree. */
    static String requireSafe(String path) throws ProtocolException {
        if (bytes(path) > MAX_BYTES || path.isEmpty()) {
            throw unsafe(path, "must have 1 to " + MAX_BYTES + " bytes");
        }
        String[] components = path.split("/", -1);
        if (components.length > MAX_DEPTH) {
            throw unsafe(path, "must have at most " + MAX_DEPTH + " components");
        }
        for (String component : components) {
            if (component.isEmpty() || component.equals(".") || component.equals("..")) {
                throw unsafe(path, "must not have empty, \".\" or \"..\" components");
            }
            if (component.indexOf('\0') >= 0 || bytes(component) > MAX_COMPONENT_BYTES) {
                throw unsafe(path, "must have components of at most " + MAX_COMPONENT_BYTES + " bytes without NUL");
            }
        }
        return path;
    }

    private static ProtocolException unsafe(String path, String rule) {
        String shown = path.length() > 80 ? path.substring(0, 80) + "..." : path;
        return ProtocolException.malformed("file name \"" + shown.replace('\0', '?') + "\" " + rule);
    }

    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static void write(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) bytes.length).put(bytes);
    }

    /** Reads a text of at most {@value #MAX_BYTES} bytes of well-formed UTF-8. */
    static String read(ByteBuffer in) throws ProtocolException {
        int length = in.getShort() & 0xffff;
        if (length > MAX_BYTES || length > in.remaining()) {
            throw ProtocolException.malformed(
                    "a name of " + length + " bytes is longer than " + MAX_BYTES + " or than what follows");
        }
        ByteBuffer bytes = in.slice().limit(length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException e) {
            throw ProtocolException.malformed("a name is not UTF-8");
        }
    }
}
