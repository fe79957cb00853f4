package dev.shadow.sync.internal.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.InstanceId;
import dev.shadow.sync.internal.Message;
import dev.shadow.tck.property.SeededTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeReplicationTest {
    private static final InstanceId NAME = InstanceId.of("b");

    @TempDir
    Path directory;

    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Source and target of one tree, with everything that survives a crash of the target on disk. */
    private static final class Pair {
        private final Path home;
        private final Path source;
        private final TreeSource reader;
        private TreeVault vault;
        private DirectWire wire;
        private Manifest base = Manifest.EMPTY;
        private long round;
        private int boundariesLeft = -1;

        Pair(Path home) throws IOException {
            this.home = Files.createDirectories(home.resolve("replicas"));
            this.source = Files.createDirectories(home.resolve("source"));
            this.reader = new TreeSource(source, InstantSource.system());
            recover();
            vault.create("vm", NAME, 1);
            connect();
        }

        private void boundary(String what) {
            if (boundariesLeft >= 0 && boundariesLeft-- == 0) {
                throw new Crash();
            }
        }

        private void recover() throws IOException {
            vault = TreeVault.recover(home, this::boundary, false);
        }

        void connect() throws IOException {
            wire = new DirectWire(vault);
            wire.hello("vm", NAME.value());
            round = ((Message.Welcome) wire.await()).point().epoch();
            wire.send(new TreeMessage.AskManifest());
            base = Manifest.decode(wire.awaitAnswer());
        }

        void replicate() throws IOException {
            TreeRound next = TreeRound.plan(reader, base, bytes -> {});
            TreeRound.Outcome outcome = next.send(wire, round + 1, 1000 + round);
            assertThat(outcome.unstable()).isEmpty();
            base = outcome.manifest();
            round = outcome.round();
        }

        Path target() {
            return vault.find(NAME).orElseThrow().tree();
        }

        void restart() throws IOException {
            boundariesLeft = -1;
            recover();
            connect();
        }
    }

    @SeededTest(runs = 30)
    void replicaEqualsARandomTreeAfterEveryRound(RandomGenerator random) throws IOException {
        Pair pair = new Pair(Files.createTempDirectory(directory, "run"));
        RandomTree tree = new RandomTree(pair.source, random);
        for (int round = 0; round < 6; round++) {
            tree.mutate(1 + random.nextInt(25));
            pair.replicate();
            assertThat(RandomTree.describe(pair.target())).isEqualTo(RandomTree.describe(pair.source));
            if (random.nextInt(3) == 0) {
                pair.restart();
                assertThat(RandomTree.describe(pair.target())).isEqualTo(RandomTree.describe(pair.source));
            }
        }
    }

    @SeededTest(runs = 2)
    void crashAtEveryBoundaryLeavesExactlyACommittedRound(long seed) throws IOException {
        int boundaries = 0;
        boolean crashed = true;
        for (int at = 0; crashed; at++) {
            Pair pair = new Pair(Files.createTempDirectory(directory, "run"));
            RandomTree tree = new RandomTree(pair.source, new SplittableRandom(seed));
            tree.mutate(12);
            pair.replicate();
            Map<String, String> before = RandomTree.describe(pair.source);
            tree.mutate(12);
            Map<String, String> after = RandomTree.describe(pair.source);
            pair.boundariesLeft = at;
            crashed = false;
            try {
                pair.replicate();
            } catch (Crash expected) {
                crashed = true;
            }
            if (crashed && at % 3 == 1) {
                crashWhileRecovering(pair, at / 3 % 7);
            }
            pair.restart();
            Map<String, String> held = RandomTree.describe(pair.target());
            assertThat(held).as("after a crash at boundary %s", at).isEqualTo(pair.round == 2 ? after : before);
            pair.replicate();
            assertThat(RandomTree.describe(pair.target()))
                    .as("caught up after %s", at)
                    .isEqualTo(after);
            boundaries = at;
        }
        assertThat(boundaries).isGreaterThan(20);
    }

    private static void crashWhileRecovering(Pair pair, int at) throws IOException {
        pair.boundariesLeft = at;
        try {
            pair.recover();
        } catch (Crash expected) {
            assertThat(expected).isNotNull();
        }
    }

    @Test
    void changeInsideALargeFileSendsLittle() throws IOException {
        Pair pair = new Pair(directory);
        byte[] content = new byte[4 << 20];
        new SplittableRandom(1).nextBytes(content);
        Path file = pair.source.resolve("large");
        Files.write(file, content);
        pair.replicate();
        pair.wire.contentBytes = 0;

        ByteBuffer longer = ByteBuffer.allocate(content.length + 7);
        longer.put(content, 0, 1_000_000).put(new byte[] {1, 2, 3, 4, 5, 6, 7});
        longer.put(content, 1_000_000, content.length - 1_000_000);
        Files.write(file, longer.array());
        pair.replicate();

        assertThat(pair.wire.contentBytes).isLessThan(10_000);
        assertThat(RandomTree.describe(pair.target())).isEqualTo(RandomTree.describe(pair.source));
    }

    @Test
    void renamedFileIsNotSentAgain() throws IOException {
        Pair pair = new Pair(directory);
        byte[] content = new byte[1 << 20];
        new SplittableRandom(1).nextBytes(content);
        Files.write(pair.source.resolve("old"), content);
        pair.replicate();
        pair.wire.contentBytes = 0;
        Files.createDirectory(pair.source.resolve("new place"));
        Files.move(pair.source.resolve("old"), pair.source.resolve("new place/new"));
        pair.replicate();
        assertThat(pair.wire.contentBytes).isZero();
        assertThat(RandomTree.describe(pair.target())).isEqualTo(RandomTree.describe(pair.source));
    }

    @Test
    void namesThatWereSwappedAreSwapped() throws IOException {
        Pair pair = new Pair(directory);
        Files.writeString(pair.source.resolve("a"), "content of a");
        Files.writeString(pair.source.resolve("b"), "content of b");
        pair.replicate();
        Files.move(pair.source.resolve("a"), pair.source.resolve("c"));
        Files.move(pair.source.resolve("b"), pair.source.resolve("a"));
        Files.move(pair.source.resolve("c"), pair.source.resolve("b"));
        pair.replicate();
        assertThat(Files.readString(pair.target().resolve("a"))).isEqualTo("content of b");
        assertThat(RandomTree.describe(pair.target())).isEqualTo(RandomTree.describe(pair.source));
    }

    @Test
    void changeThatLeavesSizeAndTimeAsTheyWereIsFound() throws IOException {
        Pair pair = new Pair(directory);
        Path file = pair.source.resolve("file");
        FileTime time = FileTime.from(Instant.ofEpochSecond(1_000_000));
        Files.writeString(file, "first");
        Files.setLastModifiedTime(file, time);
        pair.replicate();
        Files.writeString(file, "other");
        Files.setLastModifiedTime(file, time);
        pair.replicate();
        assertThat(Files.readString(pair.target().resolve("file"))).isEqualTo("other");
    }

    @Test
    void holesStayHoles() throws Exception {
        Pair pair = new Pair(directory);
        try (FileChannel file = FileChannel.open(
                pair.source.resolve("sparse"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1}), 64 << 20);
        }
        pair.replicate();
        assertThat(pair.wire.contentBytes).isLessThan(5000);
        Process du =
                new ProcessBuilder("du", "-k", pair.target().resolve("sparse").toString()).start();
        String usage = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(Integer.parseInt(usage.substring(0, usage.indexOf('\t')))).isLessThan(100);
        assertThat(Files.size(pair.target().resolve("sparse"))).isEqualTo((64 << 20) + 1);
    }

    @Test
    void replicaThatWasChangedBehindItsBackIsMendedBySendingTheFileWhole() throws IOException {
        Pair pair = new Pair(directory);
        byte[] content = new byte[100_000];
        new SplittableRandom(1).nextBytes(content);
        Files.write(pair.source.resolve("file"), content);
        pair.replicate();
        content[50_000] ^= 1;
        content[10] ^= 1;
        Files.write(pair.source.resolve("file"), content);
        // Cut after the checksums were computed, a copy from the replica gives other bytes than were promised.
        TreeRound round = TreeRound.plan(pair.reader, pair.base, bytes -> {});
        Path replica = pair.target().resolve("file");
        TreeChannel meddling = new TreeChannel() {
            private boolean meddled;

            @Override
            public void send(TreeMessage message) throws IOException {
                if (message instanceof TreeMessage.File && !meddled) {
                    meddled = true;
                    byte[] wrong = Files.readAllBytes(replica);
                    wrong[90_000] ^= 1;
                    Files.write(replica, wrong);
                }
                pair.wire.send(message);
            }

            @Override
            public void sendContent(ByteBuffer pieces) throws IOException {
                pair.wire.sendContent(pieces);
            }

            @Override
            public Message await() {
                return pair.wire.await();
            }
        };
        round.send(meddling, 2, 0);
        assertThat(Files.readAllBytes(replica)).isEqualTo(content);
    }
}
