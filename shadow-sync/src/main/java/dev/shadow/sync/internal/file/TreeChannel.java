package dev.shadow.sync.internal.file;

import dev.shadow.sync.internal.Message;
import dev.shadow.sync.internal.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A conversation with a target, as a round sees it. */
interface TreeChannel {
    /** Bytes of one answer at most. */
    int MAX_ANSWER_BYTES = 1 << 30;

    void send(TreeMessage message) throws IOException;

    /** Sends pieces of a file once the target has room for them. */
    void sendContent(ByteBuffer pieces) throws IOException;

    /** Waits for the next answer; takes up credit on the way. */
    Message await() throws IOException;

    /** Waits for an answer that comes in parts. */
    default ByteBuffer awaitAnswer() throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        while (true) {
            Message message = await();
            if (!(message instanceof Message.Tree tree)
                    || !(TreeMessage.of(tree) instanceof TreeMessage.AnswerPart part)) {
                throw ProtocolException.malformed(
                        "an answer was expected, and a message of type " + message.type() + " came");
            }
            if (part.bytes().remaining() > MAX_ANSWER_BYTES - whole.size()) {
                throw ProtocolException.malformed("an answer is over " + MAX_ANSWER_BYTES + " bytes");
            }
            byte[] bytes = new byte[part.bytes().remaining()];
            part.bytes().get(bytes);
            whole.write(bytes, 0, bytes.length);
            if (part.last()) {
                return ByteBuffer.wrap(whole.toByteArray());
            }
        }
    }
}
