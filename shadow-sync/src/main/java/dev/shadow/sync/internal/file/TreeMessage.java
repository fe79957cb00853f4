package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.Message;
import dev.shadow.sync.internal.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What source and target of a tree say to one another, inside the frames of {@link Message.Tree}. */
sealed interface TreeMessage {
    /** Bytes of a part of something longer at most. */
    int MAX_PART = 256 << 10;
    /** Numbers in one message at most. */
    int MAX_NUMBERS = 4096;

    /** Asks for the manifest of the committed round. */
    record AskManifest() implements TreeMessage {}

    /** A part of the answer to the last question. */
    record AnswerPart(boolean last, ByteBuffer bytes) implements TreeMessage {}

    /** Asks for the checksums of a file's blocks. */
    record AskSignatures(String path, int blockSize) implements TreeMessage {}

    /** Starts a round; drops one that was not committed. */
    record Begin(long round) implements TreeMessage {}

    /** Starts to stage a file; copies come from the file at {@code base}, empty for none. */
    record File(int index, String base) implements TreeMessage {}

    /** Pieces of the file that was started, see {@link Pieces}. */
    record Content(ByteBuffer pieces) implements TreeMessage {}

    /** Ends the file that was started. */
    record FileEnd() implements TreeMessage {}

    /** A part of the encoded change of the manifest. */
    record ChangePart(ByteBuffer bytes) implements TreeMessage {}

    /** Commits the round; the digest is that of the manifest that follows from the change. */
    record Commit(long round, long frozenAtMillis, Digest128 manifest) implements TreeMessage {}

    /** These staged files do not have the content that the manifest tells; nothing is committed. */
    record Mismatched(List<Integer> indexes) implements TreeMessage {}

    /** Asks to read the whole tree and compare it with the manifest of the committed round. */
    record AskVerify(long round) implements TreeMessage {}

    /** What was compared, and the ordinals of the entries that differ, the first ones. */
    record Verified(long comparedBytes, List<Integer> differing) implements TreeMessage {}

    /** Returns the frame's message. */
    default Message.Tree toMessage() {
        ByteBuffer out = ByteBuffer.allocate(bound());
        write(out);
        return new Message.Tree(out.flip());
    }

    private int bound() {
        if (this instanceof AnswerPart m) {
            return 2 + m.bytes().remaining();
        }
        if (this instanceof Content m) {
            return 1 + m.pieces().remaining();
        }
        if (this instanceof ChangePart m) {
            return 1 + m.bytes().remaining();
        }
        return 64 + 4 * MAX_NUMBERS + TreePath.MAX_BYTES;
    }

    private void write(ByteBuffer out) {
        if (this instanceof AskManifest) {
            out.put((byte) 1);
        } else if (this instanceof AnswerPart m) {
            out.put((byte) 2).put((byte) (m.last() ? 1 : 0)).put(m.bytes().duplicate());
        } else if (this instanceof AskSignatures m) {
            TreePath.write(out.put((byte) 3), m.path());
            out.putInt(m.blockSize());
        } else if (this instanceof Begin m) {
            out.put((byte) 4).putLong(m.round());
        } else if (this instanceof File m) {
            TreePath.write(out.put((byte) 5).putInt(m.index()), m.base());
        } else if (this instanceof Content m) {
            out.put((byte) 6).put(m.pieces().duplicate());
        } else if (this instanceof FileEnd) {
            out.put((byte) 7);
        } else if (this instanceof ChangePart m) {
            out.put((byte) 8).put(m.bytes().duplicate());
        } else if (this instanceof Commit m) {
            m.manifest().write(out.put((byte) 9).putLong(m.round()).putLong(m.frozenAtMillis()));
        } else if (this instanceof Mismatched m) {
            numbers(out.put((byte) 10), m.indexes());
        } else if (this instanceof AskVerify m) {
            out.put((byte) 11).putLong(m.round());
        } else if (this instanceof Verified m) {
            numbers(out.put((byte) 12).putLong(m.comparedBytes()), m.differing());
        }
    }

    private static void numbers(ByteBuffer out, List<Integer> numbers) {
        out.putInt(numbers.size());
        numbers.forEach(out::putInt);
    }

    /** Reads the body of a frame. */
    static TreeMessage of(Message.Tree frame) throws ProtocolException {
        ByteBuffer in = frame.body().duplicate();
        try {
            TreeMessage message = read(in);
            if (in.hasRemaining()) {
                throw ProtocolException.malformed(in.remaining() + " bytes too many in a message about a tree");
            }
            return message;
        } catch (BufferUnderflowException e) {
            throw ProtocolException.malformed("a message about a tree is too short");
        }
    }

    private static TreeMessage read(ByteBuffer in) throws ProtocolException {
        byte kind = in.get();
        return switch (kind) {
            case 1 -> new AskManifest();
            case 2 -> new AnswerPart(in.get() != 0, rest(in));
            case 3 -> new AskSignatures(TreePath.requireSafe(TreePath.read(in)), in.getInt());
            case 4 -> new Begin(in.getLong());
            case 5 -> file(in);
            case 6 -> new Content(rest(in));
            case 7 -> new FileEnd();
            case 8 -> new ChangePart(rest(in));
            case 9 -> new Commit(in.getLong(), in.getLong(), Digest128.read(in));
            case 10 -> new Mismatched(numbers(in));
            case 11 -> new AskVerify(in.getLong());
            case 12 -> new Verified(in.getLong(), numbers(in));
            default -> throw ProtocolException.malformed("message " + kind + " about a tree is unknown");
        };
    }

    private static TreeMessage file(ByteBuffer in) throws ProtocolException {
        int index = in.getInt();
        String base = TreePath.read(in);
        if (index < 0) {
            throw ProtocolException.malformed("staged file " + index + " must not be negative");
        }
        return new File(index, base.isEmpty() ? base : TreePath.requireSafe(base));
    }

    private static List<Integer> numbers(ByteBuffer in) throws ProtocolException {
        int count = in.getInt();
        if (count < 0 || count > MAX_NUMBERS || count > in.remaining() / 4) {
            throw ProtocolException.malformed(count + " numbers do not fit into " + in.remaining() + " bytes");
        }
        List<Integer> numbers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            numbers.add(in.getInt());
        }
        return numbers;
    }

    private static ByteBuffer rest(ByteBuffer in) {
        ByteBuffer rest = in.slice();
        in.position(in.limit());
        return rest;
    }
}
