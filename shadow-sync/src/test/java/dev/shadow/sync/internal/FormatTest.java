package dev.shadow.sync.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.tck.property.SeededTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The bytes on the wire and on disk: golden files, and what becomes of damaged ones. */
class FormatTest {
    private static final Lineage LINEAGE = new Lineage(0x1122334455667788L, 0x99aabbccddeeff00L);
    private static final ReplicaPoint POINT = new ReplicaPoint(7, LINEAGE, 1_700_000_000_123L, 4242);

    private static List<Message> oneOfEach() {
        ByteBuffer extents = ByteBuffer.allocate(2 * Extents.HEADER + 4);
        extents.put(Extents.ZEROS).putLong(0).putLong(8);
        extents.put(Extents.RAW).putLong(8).putLong(4).putInt(0xcafebabe).flip();
        return List.of(
                new Message.Hello(1, 1, Message.Role.REPLICATE, "vm1", "vm1-a", "vm1-b", 1 << 20, 4096, 8 << 20),
                new Message.Welcome(1, POINT, 3, 1 << 20),
                new Message.Refused(RefusalCode.STORAGE, 3, "no space left"),
                new Message.Begin(8, LINEAGE, true),
                new Message.Data(8, 0, extents),
                new Message.Commit(8, 1_700_000_000_456L, 4300, 1, 38, 0xdeadbeef),
                new Message.Committed(8),
                new Message.Credit(38),
                new Message.Heartbeat(),
                new Message.Abort(8),
                new Message.VerifyBegin(8, 262_144),
                new Message.DigestRequest(8, 0, 4),
                new Message.Digests(
                        8, 0, ByteBuffer.allocate(8).putInt(1).putInt(2).flip()),
                new Message.VerifyEnd(8),
                new Message.StatusRequest(),
                new Message.StatusReply("vm1", 1 << 20, 4096, 3, true, POINT, 5, false),
                new Message.Promote(4, 7),
                new Message.Promoted(4, 7, 1_700_000_000_123L, 5),
                new Message.HistoryRequest(),
                new Message.History(List.of(POINT)),
                new Message.PackedData(8, 1, 17, zerosAsLiterals()));
    }

    /** A range of zeros as an LZ4 block that is one run of literals. */
    private static ByteBuffer zerosAsLiterals() {
        ByteBuffer block = ByteBuffer.allocate(2 + Extents.HEADER);
        block.put((byte) 0xf0).put((byte) (Extents.HEADER - 15));
        return block.put(Extents.ZEROS).putLong(4096).putLong(8192).flip();
    }

    private static Map<String, String> current() throws IOException {
        Map<String, String> lines = new TreeMap<>();
        Framing framing = Framing.create();
        for (Message message : oneOfEach()) {
            String name = message.getClass().getSimpleName();
            lines.put("wire." + name, hex(framing.encode(message, 3)));
            framing.establish(0x0102030405060708L);
        }
        SimulatedStorage storage = SimulatedStorage.create();
        Journal journal = new Journal(storage.open("journal"));
        journal.reset(5);
        journal.begin(8, LINEAGE, 3);
        journal.data(((Message.Data) oneOfEach().get(4)).extents());
        journal.stageCommit(new ReplicaPoint(8, LINEAGE, 1_700_000_000_456L, 4300));
        journal.seal();
        lines.put("disk.Journal", hex(ByteBuffer.wrap(storage.content("journal"))));
        ReplicaHeader header =
                new ReplicaHeader(9, "vm1", "vm1-b", 1 << 20, 4096, 4, new ReplicaHeader.Promotion(4, 5), POINT, 6, 0);
        lines.put("disk.ReplicaHeader", hex(header.encode()));
        return lines;
    }

    private static String hex(ByteBuffer bytes) {
        byte[] array = new byte[bytes.remaining()];
        bytes.duplicate().get(array);
        return HexFormat.of().formatHex(array);
    }

    private static Map<String, String> golden() throws IOException {
        Map<String, String> lines = new TreeMap<>();
        try (InputStream in = FormatTest.class.getResourceAsStream("/formats-1.hex")) {
            assertThat(in).isNotNull();
            new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> line.split(" ", 2))
                    .forEach(parts -> lines.put(parts[0], parts[1]));
        }
        return lines;
    }

    @Test
    void theFormatsAreThoseOfTheGoldenFile() throws IOException {
        assertThat(current()).isEqualTo(golden());
    }

    @Test
    void everyMessageOfTheGoldenFileIsReadBack() throws IOException {
        Map<String, String> golden = golden();
        Framing framing = Framing.create();
        for (Message message : oneOfEach()) {
            ByteBuffer frame = ByteBuffer.wrap(HexFormat.of()
                    .parseHex(golden.get("wire." + message.getClass().getSimpleName())));
            assertThat(framing.decode(frame).message()).isEqualTo(message);
            if (message instanceof Message.Hello) {
                framing.establish(0x0102030405060708L);
            }
        }
    }

    @SeededTest(runs = 2000)
    void aDamagedFrameIsRefused(SplittableRandom random) throws IOException {
        List<Message> messages = oneOfEach();
        Message message = messages.get(random.nextInt(messages.size()));
        ByteBuffer frame = Framing.create().encode(message, 3);
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        for (int i = 0; i <= random.nextInt(3); i++) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
        }
        ByteBuffer damaged = ByteBuffer.wrap(bytes);
        if (!damaged.equals(Framing.create().encode(message, 3))) {
            assertThatThrownBy(() -> Framing.create().decode(damaged)).isInstanceOf(ProtocolException.class);
        }
    }

    @SeededTest(runs = 500)
    void noBytesMakeTheReaderDoAnythingButRefuse(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(400)];
        random.nextBytes(bytes);
        byte type = (byte) random.nextInt(25);
        try {
            MessageCodec.decode(type, ByteBuffer.wrap(bytes));
        } catch (ProtocolException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
        }
        try {
            Extents.visit(ByteBuffer.wrap(bytes), 1 << 20, 512, (kind, offset, length, content) -> {
                assertThat(offset + length).isLessThanOrEqualTo(1 << 20);
            });
        } catch (IOException expected) {
            assertThat(expected).isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void aTruncatedRepeatedReorderedOrForeignFrameIsRefused() throws IOException {
        Framing sender = Framing.create();
        ByteBuffer first = sender.encode(new Message.StatusRequest(), 0);
        ByteBuffer second = sender.encode(new Message.Heartbeat(), 0);
        Framing receiver = Framing.create();
        assertThatThrownBy(() -> receiver.decode(first.slice(0, first.remaining() - 1)))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> receiver.decode(second.duplicate())).hasMessageContaining("in the place of");
        receiver.decode(first.duplicate());
        assertThatThrownBy(() -> receiver.decode(first.duplicate())).hasMessageContaining("in the place of");
        receiver.establish(77);
        assertThatThrownBy(() -> receiver.decode(second.duplicate())).hasMessageContaining("session");
    }

    @Test
    void aHugeLengthIsRefusedBeforeAnythingIsAllocated() {
        Framing sender = Framing.create();
        ByteBuffer big = sender.encode(new Message.Data(1, 0, ByteBuffer.allocate(8000)), 0);
        assertThatThrownBy(() -> Framing.create().decodeHeader(big)).hasMessageContaining("is over 4096");
    }

    @SeededTest(runs = 500)
    void aDamagedJournalGivesAnEpochThatWasCommittedOrNone(SplittableRandom random) throws IOException {
        SimulatedStorage storage = SimulatedStorage.create();
        Journal journal = new Journal(storage.open("journal"));
        journal.reset(5);
        List<ReplicaPoint> points = new ArrayList<>(List.of(ReplicaPoint.NONE));
        for (int epoch = 1; epoch <= 4; epoch++) {
            journal.begin(epoch, LINEAGE, 3);
            journal.data(ByteBuffer.allocate(random.nextInt(60)));
            ReplicaPoint point = new ReplicaPoint(epoch, LINEAGE, epoch, epoch);
            journal.stageCommit(point);
            journal.seal();
            points.add(point);
        }
        byte[] bytes = storage.content("journal");
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
        StorageFile file = storage.open("journal");
        file.write(0, ByteBuffer.wrap(bytes));
        Journal damaged = new Journal(file);
        ReplicaPoint found = damaged.recover(5);
        assertThat(points).contains(found);
        assertThat(found.epoch()).isLessThan(5);
        List<Byte> types = new ArrayList<>();
        damaged.replay(0, (type, payload) -> types.add(type));
        assertThat(types).hasSize((int) (3 * found.epoch()));
        assertThat(new Journal(file).recover(6)).isEqualTo(ReplicaPoint.NONE);
    }

    /** Prints the golden file; for a new format version. */
    public static void main(String[] args) throws IOException {
        current().forEach((name, value) -> System.out.println(name + " " + value));
    }
}
