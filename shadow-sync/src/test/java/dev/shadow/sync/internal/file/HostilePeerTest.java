package dev.shadow.sync.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.InstanceId;
import dev.shadow.sync.internal.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that holds the key and means harm: nothing outside of its tree is ever read, made or changed. */
class HostilePeerTest {
    private static final TreeEntry ROOT = TreeEntry.directory("", 0755, Instant.EPOCH);
    private static final InstanceId NAME = InstanceId.of("b");

    @TempDir
    Path directory;

    private Path outside;
    private TreeVault vault;
    private DirectWire wire;

    @BeforeEach
    void open() throws IOException {
        outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "precious");
        vault = TreeVault.recover(Files.createDirectory(directory.resolve("replicas")), Boundary.NONE, false);
        vault.create("vm", NAME, 1);
        wire = new DirectWire(vault);
        wire.hello("vm", NAME.value());
    }

    private static TreeEntry file(String path, String content) {
        ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
        return TreeEntry.file(path, 0644, Instant.EPOCH, bytes.remaining(), Digest128.of(bytes));
    }

    private void stage(int index, String content) throws IOException {
        wire.send(new TreeMessage.File(index, ""));
        Pieces.Writer writer = new Pieces.Writer(wire::sendContent);
        writer.literal(content.getBytes(StandardCharsets.UTF_8), 0, content.length());
        writer.flush();
        wire.send(new TreeMessage.FileEnd());
    }

    private void commit(long round, Manifest base, List<String> removed, TreeEntry... entries) throws IOException {
        List<ManifestChange.Origin> origins = new ArrayList<>();
        for (TreeEntry entry : entries) {
            origins.add(entry.isFile() ? new ManifestChange.Origin.Staged(0) : ManifestChange.KEPT);
        }
        ManifestChange change = new ManifestChange(removed, List.of(entries), origins);
        wire.send(new TreeMessage.ChangePart(change.encode()));
        wire.send(new TreeMessage.Commit(round, 0, change.applyTo(base).digest()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../outside/x", "..", ".", "a/../../x", "/etc/x", "a//b", "a/", "./a", "a/./b", "a\0b", "a/.."})
    void namesThatLeadOutAreRefused(String path) throws IOException {
        wire.send(new TreeMessage.Begin(1));
        stage(0, "evil");
        ManifestChange change = new ManifestChange(
                List.of(),
                List.of(ROOT, file(path, "evil")),
                List.of(ManifestChange.KEPT, new ManifestChange.Origin.Staged(0)));
        wire.send(new TreeMessage.ChangePart(change.encode()));
        assertThatThrownBy(() -> wire.send(new TreeMessage.Commit(1, 0, Digest128.NONE)))
                .isInstanceOf(ProtocolException.class);
        assertThat(outside.toFile().list()).hasSize(1);
    }

    @Test
    void fileBelowALinkIsRefused() throws IOException {
        wire.send(new TreeMessage.Begin(1));
        stage(0, "evil");
        TreeEntry link = TreeEntry.link("link", Instant.EPOCH, outside.toString());
        ManifestChange change = new ManifestChange(
                List.of(),
                List.of(ROOT, link, file("link/x", "evil")),
                List.of(ManifestChange.KEPT, ManifestChange.KEPT, new ManifestChange.Origin.Staged(0)));
        wire.send(new TreeMessage.ChangePart(change.encode()));
        assertThatThrownBy(() -> wire.send(new TreeMessage.Commit(1, 0, Digest128.NONE)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("lies in no directory");
    }

    @Test
    void directoryThatWasReplacedByALinkOnDiskIsNotEntered() throws IOException {
        wire.send(new TreeMessage.Begin(1));
        TreeEntry sub = TreeEntry.directory("sub", 0755, Instant.EPOCH);
        commit(1, Manifest.EMPTY, List.of(), ROOT, sub);
        Path tree = vault.find(NAME).orElseThrow().tree();
        Files.delete(tree.resolve("sub"));
        Files.createSymbolicLink(tree.resolve("sub"), outside);
        wire.send(new TreeMessage.Begin(2));
        stage(0, "evil");
        assertThatThrownBy(() -> commit(2, Manifest.of(List.of(ROOT, sub)), List.of(), file("sub/x", "evil")))
                .isInstanceOf(FileSystemException.class);
        assertThat(outside.toFile().list()).hasSize(1);
        assertThat(Files.readString(outside.resolve("precious"))).isEqualTo("precious");
    }

    @Test
    void linkIsReplacedAndNotFollowed() throws IOException {
        wire.send(new TreeMessage.Begin(1));
        TreeEntry link =
                TreeEntry.link("x", Instant.EPOCH, outside.resolve("precious").toString());
        commit(1, Manifest.EMPTY, List.of(), ROOT, link);
        wire.send(new TreeMessage.Begin(2));
        stage(0, "evil");
        commit(2, Manifest.of(List.of(ROOT, link)), List.of(), file("x", "evil"));
        assertThat(Files.readString(outside.resolve("precious"))).isEqualTo("precious");
        assertThat(vault.find(NAME).orElseThrow().tree().resolve("x")).isRegularFile();
    }

    @Test
    void linkCannotBeReadAsABase() throws IOException {
        wire.send(new TreeMessage.Begin(1));
        TreeEntry link =
                TreeEntry.link("x", Instant.EPOCH, outside.resolve("precious").toString());
        commit(1, Manifest.EMPTY, List.of(), ROOT, link);
        wire.answers.clear();
        wire.send(new TreeMessage.AskSignatures("x", 1024));
        assertThat(wire.awaitAnswer().remaining()).isZero();
        wire.send(new TreeMessage.Begin(2));
        assertThatThrownBy(() -> wire.send(new TreeMessage.File(0, "x"))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void copyOutsideOfItsBaseIsRefused() throws IOException {
        wire.send(new TreeMessage.Begin(1));
        wire.send(new TreeMessage.File(0, ""));
        Pieces.Writer writer = new Pieces.Writer(wire::sendContent);
        writer.copy(0, 1);
        assertThatThrownBy(writer::flush).isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MAX_VALUE, 1L << 45})
    void zerosOfAnImpossibleLengthAreRefused(long length) throws IOException {
        wire.send(new TreeMessage.Begin(1));
        wire.send(new TreeMessage.File(0, ""));
        Pieces.Writer writer = new Pieces.Writer(wire::sendContent);
        writer.zeros(length);
        assertThatThrownBy(writer::flush).isInstanceOf(ProtocolException.class);
    }

    @Test
    void contentThatDoesNotMatchItsDigestIsNotCommitted() throws IOException {
        wire.send(new TreeMessage.Begin(1));
        stage(0, "evil");
        wire.answers.clear();
        commit(1, Manifest.EMPTY, List.of(), ROOT, file("x", "good"));
        assertThat(wire.await()).isEqualTo(new TreeMessage.Mismatched(List.of(0)).toMessage());
        assertThat(vault.find(NAME).orElseThrow().view().point().isCommitted()).isFalse();
    }

    @Test
    void stagedFileIsNotUsedTwice() throws IOException {
        wire.send(new TreeMessage.Begin(1));
        stage(0, "same");
        assertThatThrownBy(() -> commit(1, Manifest.EMPTY, List.of(), ROOT, file("x", "same"), file("y", "same")))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void roundThatDoesNotFollowIsRefused() {
        assertThatThrownBy(() -> wire.send(new TreeMessage.Begin(7))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void treeOfAnotherVirtualMachineIsRefused() {
        DirectWire foreign = new DirectWire(vault);
        assertThatThrownBy(() -> foreign.hello("other", NAME.value())).isInstanceOf(ProtocolException.class);
    }

    @Test
    void olderConnectionIsRefusedOnceANewerHasTakenOver() throws IOException {
        DirectWire newer = new DirectWire(vault);
        newer.hello("vm", NAME.value());
        assertThatThrownBy(() -> wire.send(new TreeMessage.Begin(1))).isInstanceOf(ProtocolException.class);
        newer.send(new TreeMessage.Begin(1));
    }
}
