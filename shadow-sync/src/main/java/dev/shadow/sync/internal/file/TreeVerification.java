package dev.shadow.sync.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** The comparison of a tree on disk with its manifest, every byte, permission, time and link of it. */
final class TreeVerification {
    private final SecureTree tree;
    private final List<Integer> differing = new ArrayList<>();
    private long comparedBytes;

    private TreeVerification(SecureTree tree) {
        this.tree = tree;
    }

    static TreeMessage.Verified run(Path root, Manifest manifest) throws IOException {
        try (SecureTree tree = SecureTree.open(root)) {
            TreeVerification verification = new TreeVerification(tree);
            int ordinal = 0;
            for (TreeEntry entry : manifest.entries()) {
                if (!verification.matches(entry) && verification.differing.size() < TreeMessage.MAX_NUMBERS) {
                    verification.differing.add(ordinal);
                }
                ordinal++;
            }
            return new TreeMessage.Verified(verification.comparedBytes, verification.differing);
        }
    }

    private boolean matches(TreeEntry entry) throws IOException {
        BasicFileAttributes there = tree.attributes(entry.path());
        if (there == null) {
            return false;
        }
        return switch (entry.kind()) {
            case DIRECTORY -> there.isDirectory() && sameDress(entry);
            case LINK ->
                there.isSymbolicLink()
                        && Files.readSymbolicLink(tree.locate(entry.path()))
                                .toString()
                                .equals(entry.target());
            case FILE -> there.isRegularFile() && sameDress(entry) && sameContent(entry);
        };
    }

    private boolean sameDress(TreeEntry entry) throws IOException {
        PosixFileAttributes there =
                Files.readAttributes(tree.locate(entry.path()), PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return there.permissions().equals(TreeFiles.permissions(entry.mode()))
                && there.lastModifiedTime().toInstant().equals(entry.modified());
    }

    private boolean sameContent(TreeEntry entry) throws IOException {
        MessageDigest digest = Digest128.start();
        ByteBuffer bytes = ByteBuffer.allocate(256 << 10);
        long size = 0;
        try (SeekableByteChannel file = tree.read(entry.path())) {
            while (file.read(bytes.clear()) >= 0) {
                size += bytes.flip().remaining();
                digest.update(bytes);
            }
        }
        comparedBytes += size;
        return size == entry.size() && Digest128.finish(digest).equals(entry.digest());
    }
}
