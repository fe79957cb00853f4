package dev.shadow.sync.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.sync.internal.Framing;
import dev.shadow.sync.internal.Message;
import dev.shadow.sync.internal.ProtocolException;
import dev.shadow.tck.property.SeededTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/** Bytes that were changed at random are read or refused, and nothing else happens. */
class MutatedBytesTest {
    private static final TreeEntry ROOT = TreeEntry.directory("", 0755, Instant.EPOCH);

    private static TreeEntry file(String path, String content) {
        ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
        return TreeEntry.file(path, 0644, Instant.EPOCH, bytes.remaining(), Digest128.of(bytes));
    }

    @SeededTest(runs = 3000)
    void mutatedManifestIsReadOrRefusedAndNothingElse(RandomGenerator random) throws ProtocolException {
        Manifest manifest = Manifest.of(List.of(
                ROOT,
                TreeEntry.directory("d", 0700, Instant.ofEpochSecond(5, 7)),
                file("d/f", "x"),
                TreeEntry.link("l", Instant.EPOCH, "d")));
        byte[] bytes = manifest.encode().array();
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        int length = random.nextInt(3) == 0 ? random.nextInt(bytes.length) : bytes.length;
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length).slice();
        if (random.nextBoolean() && length > 4) {
            in.putInt(length - 4, Framing.crc(in.slice(0, length - 4)));
        }
        try {
            Manifest read = Manifest.decode(in);
            assertThat(read.encode()).isEqualTo(ByteBuffer.wrap(bytes, 0, length));
        } catch (ProtocolException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }

    @SeededTest(runs = 3000)
    void mutatedMessageIsReadOrRefusedAndNothingElse(RandomGenerator random) {
        List<TreeMessage> all = List.of(
                new TreeMessage.AskSignatures("a/b", 1024),
                new TreeMessage.File(3, "a"),
                new TreeMessage.Commit(1, 2, new Digest128(3, 4)),
                new TreeMessage.Mismatched(List.of(1, 2)),
                new TreeMessage.Verified(10, List.of(1)),
                new TreeMessage.ChangePart(new ManifestChange(
                                List.of("a"),
                                List.of(ROOT, file("x", "y")),
                                List.of(ManifestChange.KEPT, new ManifestChange.Origin.Copied("z")))
                        .encode()));
        ByteBuffer body = all.get(random.nextInt(all.size())).toMessage().body();
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        try {
            TreeMessage read = TreeMessage.of(new Message.Tree(ByteBuffer.wrap(bytes)));
            if (read instanceof TreeMessage.ChangePart part) {
                assertThat(ManifestChange.decode(part.bytes()).encode()).isNotNull();
            }
        } catch (ProtocolException refused) {
            assertThat(refused).isNotNull();
        }
    }
}
