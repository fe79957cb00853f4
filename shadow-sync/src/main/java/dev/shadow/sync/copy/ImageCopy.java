package dev.shadow.sync.copy;

import dev.shadow.spi.InvalidValueException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies known ranges of a disk image into another image of the same size, in place, on one machine.
 *
 * <p>While it runs the target is a mixture of two points in time. A file beside it, {@code NAME.copying}, lists what is
 * being copied; it is written before the first byte and deleted after the last, so that after a death half-way the next
 * copy to the target takes these ranges again, and nobody needs to remember them. For a target that is some point in
 * time at every moment, replicate to a {@link dev.shadow.sync.ReplicaServer} instead.
 *
 * <p>The source must not change in the ranges meanwhile. Blocks go through a small buffer for each thread, so that the
 * memory needed does not depend on the image; ranges of zeros are written only where the target is not zero yet, so that
 * a sparse image stays sparse.
 */
public final class ImageCopy {
    /** What is appended to the name of the target for the list of ranges in work. */
    public static final String MARKER_SUFFIX = ".copying";

    private static final int CHUNK = 256 << 10;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(CHUNK).asReadOnlyBuffer();
    /** So many pieces of work for each thread, so that all end at about the same time. */
    private static final int SHARES = 32;

    private final FileChannel source;
    private final FileChannel target;
    private final ExtentList extents;
    private final LongConsumer progress;
    private final int share;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong written = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private ImageCopy(FileChannel source, FileChannel target, ExtentList pieces, int threads, LongConsumer progress) {
        this.source = source;
        this.target = target;
        this.extents = pieces;
        this.progress = progress;
        this.share = Math.max(1, pieces.size() / (threads * SHARES));
    }

    /**
     * Copies; see {@link #copy(Path, Path, ExtentList, CopyOptions, LongConsumer)}.
     *
     * @throws IOException if an image cannot be opened, read or written
     */
    public static CopyResult copy(Path source, Path target, ExtentList extents, CopyOptions options)
            throws IOException {
        return copy(source, target, extents, options, bytes -> {});
    }

    /**
     * Copies {@code extents}, and those that an interrupted copy to the same target has left over. A target that does not
     * exist is made, as long as the source and empty.
     *
     * @param progress told, from any of the copying threads, how many more bytes are done
     * @throws InvalidValueException before anything is written, if a range reaches beyond the source, or the images are
     *     one file or have different lengths
     * @throws IOException if an image cannot be opened, read or written; the next copy takes everything again
     */
    public static CopyResult copy(
            Path source, Path target, ExtentList extents, CopyOptions options, LongConsumer progress)
            throws IOException {
        try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ)) {
            requireWithin("extents", extents, from.size());
            if (Files.exists(target) && Files.isSameFile(source, target)) {
                throw new InvalidValueException("target", target.toString(), "not be the source itself");
            }
            try (FileChannel to = open(target, from.size())) {
                return copy(from, to, new CopyMarker(target), extents, options, progress);
            }
        }
    }

    private static FileChannel open(Path target, long size) throws IOException {
        boolean fresh = !Files.exists(target);
        FileChannel to =
                FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (fresh && size > 0) {
                to.write(ByteBuffer.allocate(1), size - 1);
            }
            if (to.size() != size) {
                throw new InvalidValueException(
                        "target", target + " of " + to.size() + " bytes", "have the " + size + " bytes of the source");
            }
            return to;
        } catch (IOException | RuntimeException e) {
            to.close();
            throw e;
        }
    }

    private static void requireWithin(String field, ExtentList extents, long size) {
        if (extents.end() > size) {
            throw new InvalidValueException(
                    field, "a range up to " + extents.end(), "lie within the " + size + " bytes of the source");
        }
    }

    private static CopyResult copy(
            FileChannel from,
            FileChannel to,
            CopyMarker marker,
            ExtentList extents,
            CopyOptions options,
            LongConsumer progress)
            throws IOException {
        ExtentList left = marker.left();
        requireWithin(marker.toString(), left, from.size());
        ExtentList all = left.size() == 0 ? extents : left.union(extents);
        marker.place(all, options.durable());
        ImageCopy work = new ImageCopy(from, to, pieces(all, options.threads()), options.threads(), progress);
        work.run(options.threads());
        if (options.durable()) {
            to.force(true);
        }
        marker.remove(options.durable());
        return new CopyResult(all.size(), all.bytes(), work.written.get(), left.bytes());
    }

    /** Long ranges are cut where several threads work, so that they can share one. */
    private static ExtentList pieces(ExtentList extents, int threads) {
        long most = Math.max(CHUNK, extents.bytes() / ((long) threads * SHARES) / CHUNK * CHUNK);
        if (threads == 1) {
            return extents;
        }
        ExtentList.Builder cut = ExtentList.builder();
        for (int i = 0; i < extents.size(); i++) {
            long at = extents.offset(i);
            long end = at + extents.length(i);
            for (; at < end; at += Math.min(most, end - at)) {
                cut.piece(at, Math.min(most, end - at));
            }
        }
        return cut.build();
    }

    private void run(int threads) throws IOException {
        List<Thread> helpers = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            Thread helper = new Thread(this::work, "shadow-copy-" + i);
            helper.setDaemon(true);
            helper.start();
            helpers.add(helper);
        }
        work();
        for (Thread helper : helpers) {
            await(helper);
        }
        Throwable failed = failure.get();
        if (failed instanceof IOException e) {
            throw new IOException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
        if (failed != null) {
            throw new IllegalStateException("a copying thread failed", failed);
        }
    }

    private void await(Thread helper) throws InterruptedIOException {
        try {
            helper.join();
        } catch (InterruptedException e) {
            failure.compareAndSet(null, e);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while copying");
        }
    }

    private void work() {
        try {
            ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(CHUNK, Math.max(1, extents.end())));
            for (int i = next.getAndAdd(share); i < extents.size(); i = next.getAndAdd(share)) {
                for (int e = i; e < Math.min(i + share, extents.size()); e++) {
                    copy(extents.offset(e), extents.length(e), buffer);
                }
                if (failure.get() != null) {
                    return;
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private void copy(long offset, long length, ByteBuffer buffer) throws IOException {
        long end = offset + length;
        for (long at = offset; at < end; at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            read(source, at, buffer);
            if (!isZero(buffer.flip()) || !holdsZeros(at, buffer)) {
                write(at, buffer);
            }
        }
        progress.accept(length);
    }

    private static boolean isZero(ByteBuffer content) {
        return content.mismatch(ZEROS.slice(0, content.remaining())) < 0;
    }

    /** Reads the target into the buffer, which holds zeros and shall hold them again. */
    private boolean holdsZeros(long at, ByteBuffer buffer) throws IOException {
        read(target, at, buffer);
        if (isZero(buffer.flip())) {
            return true;
        }
        buffer.put(ZEROS.slice(0, buffer.remaining())).flip();
        return false;
    }

    private static void read(FileChannel file, long at, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (file.read(buffer, at + buffer.position()) < 0) {
                throw new EOFException("an image ended at " + (at + buffer.position()) + " while it was copied");
            }
        }
    }

    private void write(long at, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            target.write(buffer, at + buffer.position());
        }
        written.addAndGet(buffer.limit());
    }
}
