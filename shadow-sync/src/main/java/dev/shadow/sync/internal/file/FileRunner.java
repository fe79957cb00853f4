package dev.shadow.sync.internal.file;

import dev.shadow.spi.Generation;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncPhase;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.spi.sync.SyncStatus;
import dev.shadow.spi.sync.VerifyReport;
import dev.shadow.sync.internal.Lineage;
import dev.shadow.sync.internal.Message;
import dev.shadow.sync.internal.ProtocolException;
import dev.shadow.sync.internal.RefusalCode;
import dev.shadow.sync.internal.ReplicaPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of a session: one round after another, at intervals of a third of the RPO or when asked. Its public methods
 * may be called from any thread.
 */
final class FileRunner {
    private static final Logger LOG = LoggerFactory.getLogger(FileRunner.class);
    private static final int MAX_DIFFERENCES = 1000;

    private final TreeSource source;
    private final Supplier<SyncSpec> spec;
    private final FileSession.Environment environment;
    private final Consumer<SyncStatus> publisher;
    private final CompletableFuture<Void> firstContact = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private final Object lock = new Object();
    private final List<CompletableFuture<Long>> rounds = new ArrayList<>();
    private final List<CompletableFuture<VerifyReport>> verifications = new ArrayList<>();
    private boolean woken;
    private boolean wantsPause;
    private volatile boolean stopping;
    private final List<CompletableFuture<Void>> switches = new ArrayList<>();
    private volatile @Nullable TreeLink link;

    private Manifest base = Manifest.EMPTY;
    private Lineage baseLineage = Lineage.NONE;
    private ReplicaPoint point = ReplicaPoint.NONE;
    private SyncPhase phase = SyncPhase.SEEDING;
    private String detail = "";
    private long sentBytes;
    private long lagBytes;
    private Instant cleanAt;
    private long nextRoundNanos;
    private long backoffNanos;
    private long publishedNanos;
    private long publishedBytes;
    private double rate;

    private FileRunner(
            Path tree, Supplier<SyncSpec> spec, FileSession.Environment environment, Consumer<SyncStatus> publisher) {
        this.source = new TreeSource(tree, environment.clock());
        this.spec = spec;
        this.environment = environment;
        this.publisher = publisher;
        this.cleanAt = environment.clock().instant();
        this.backoffNanos = environment.dialer().network().minBackoff().toNanos();
        this.nextRoundNanos = environment.nanoClock().getAsLong();
        this.publishedNanos = nextRoundNanos;
    }

    static FileRunner start(
            Path tree, Supplier<SyncSpec> spec, FileSession.Environment environment, Consumer<SyncStatus> publisher) {
        FileRunner runner = new FileRunner(tree, spec, environment, publisher);
        environment.threads().newThread(runner::run).start();
        return runner;
    }

    CompletableFuture<Void> firstContact() {
        return firstContact;
    }

    void wake() {
        synchronized (lock) {
            woken = true;
            lock.notifyAll();
        }
    }

    /** Ends with the number of a round that began after this call. */
    CompletableFuture<Long> requestRound() {
        return request(rounds);
    }

    CompletableFuture<VerifyReport> requestVerification() {
        return request(verifications);
    }

    CompletableFuture<Void> pause() {
        return turn(true);
    }

    CompletableFuture<Void> resume() {
        return turn(false);
    }

    private CompletableFuture<Void> turn(boolean paused) {
        synchronized (lock) {
            wantsPause = paused;
            return request(switches);
        }
    }

    private <T> CompletableFuture<T> request(List<CompletableFuture<T>> queue) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        synchronized (lock) {
            if (ended.isDone()) {
                answer.completeExceptionally(ended());
            } else {
                queue.add(answer);
                wake();
            }
        }
        return answer;
    }

    private SyncException ended() {
        return new SyncException(
                SyncException.Retry.PERMANENT, "the session has ended" + (detail.isEmpty() ? "" : ": " + detail));
    }

    void stop() {
        stopping = true;
        TreeLink open = link;
        if (open != null) {
            open.close();
        }
        wake();
        ended.join();
    }

    private void run() {
        try {
            while (!stopping && !phase.isTerminal()) {
                boolean due = awaitTurn();
                if (!stopping && due) {
                    attempt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("session to {} ends because of a defect", spec.get().target(), e);
            show(SyncPhase.FAILED, String.valueOf(e.getMessage()));
            throw e;
        } finally {
            end();
        }
    }

    private void end() {
        closeLink();
        synchronized (lock) {
            ended.complete(null);
            rounds.forEach(each -> each.completeExceptionally(ended()));
            verifications.forEach(each -> each.completeExceptionally(ended()));
            switches.forEach(each -> each.completeExceptionally(ended()));
        }
        firstContact.complete(null);
    }

    /** Waits until a round is due or wanted; returns false if something else is to be looked at first. */
    @SuppressWarnings("WaitNotInLoop") // the caller is the loop: what was waited for is looked at anew each time
    private boolean awaitTurn() throws InterruptedException {
        boolean paused;
        List<CompletableFuture<Void>> turned;
        synchronized (lock) {
            long wait = nextRoundNanos - now();
            if (!woken && (wait > 0 || wantsPause)) {
                lock.wait(wantsPause ? 1000 : Math.max(1, wait / 1_000_000));
            }
            woken = false;
            paused = wantsPause;
            turned = List.copyOf(switches);
            switches.clear();
        }
        if (paused) {
            if (phase != SyncPhase.PAUSED) {
                closeLink();
                show(SyncPhase.PAUSED, "");
            }
        } else if (phase == SyncPhase.PAUSED) {
            show(running(), "");
            nextRoundNanos = now();
        }
        turned.forEach(each -> each.complete(null));
        TreeLink open = link;
        IOException lost = open == null ? null : open.failure();
        if (lost != null && !paused) {
            interrupted(lost);
            return false;
        }
        return !paused && (now() - nextRoundNanos >= 0 || (phase != SyncPhase.INTERRUPTED && isWanted()));
    }

    private boolean isWanted() {
        synchronized (lock) {
            return !rounds.isEmpty() || !verifications.isEmpty();
        }
    }

    private long now() {
        return environment.nanoClock().getAsLong();
    }

    private SyncPhase running() {
        return point.isCommitted() ? SyncPhase.ASYNCHRONOUS : SyncPhase.SEEDING;
    }

    private void attempt() {
        List<CompletableFuture<Long>> asked;
        List<CompletableFuture<VerifyReport>> toVerify;
        synchronized (lock) {
            asked = take(rounds);
            toVerify = take(verifications);
        }
        try {
            connect();
            round(asked, toVerify);
            backoffNanos = environment.dialer().network().minBackoff().toNanos();
            Duration interval = spec.get().rpo().dividedBy(3);
            long nanos = Math.min(
                    Math.max(interval.toNanos(), environment.minInterval().toNanos()),
                    environment.maxInterval().toNanos());
            nextRoundNanos = now() + nanos;
        } catch (IOException e) {
            synchronized (lock) {
                rounds.addAll(0, asked);
                verifications.addAll(0, toVerify);
            }
            interrupted(e);
        }
    }

    private static <T> List<CompletableFuture<T>> take(List<CompletableFuture<T>> queue) {
        queue.removeIf(CompletableFuture::isDone);
        List<CompletableFuture<T>> taken = List.copyOf(queue);
        queue.clear();
        return taken;
    }

    private void connect() throws IOException {
        if (link != null) {
            return;
        }
        SyncSpec current = spec.get();
        TreeLink opened = TreeLink.connect(
                environment.dialer(),
                current.targetHost(),
                new TreeLink.Names(
                        current.vm().value(),
                        current.source().value(),
                        current.target().value(),
                        current.generation().value()),
                environment.windowBytes(),
                environment.threads(),
                this::wake);
        link = opened;
        if (stopping) {
            throw new IOException("the session is closed");
        }
        point = opened.point();
        if (!point.isCommitted()) {
            base = Manifest.EMPTY;
        } else if (!point.lineage().equals(baseLineage)) {
            opened.send(new TreeMessage.AskManifest());
            base = Manifest.decode(opened.awaitAnswer());
        }
        baseLineage = point.lineage();
        show(running(), "");
        firstContact.complete(null);
    }

    private void round(List<CompletableFuture<Long>> asked, List<CompletableFuture<VerifyReport>> toVerify)
            throws IOException {
        TreeLink open = link;
        if (open == null) {
            throw new IOException("there is no connection");
        }
        if (!toVerify.isEmpty()) {
            source.forget();
        }
        Instant begin = environment.clock().instant();
        TreeRound round = TreeRound.plan(source, base, this::sent);
        if (!round.leftOut().isEmpty()) {
            LOG.warn("session to {} leaves out {}", spec.get().target(), round.leftOut());
        }
        List<String> unstable = List.of();
        if (round.isChanged() || !point.isCommitted()) {
            lagBytes = round.pendingBytes();
            TreeRound.Outcome outcome = round.send(open, point.epoch() + 1, begin.toEpochMilli());
            base = outcome.manifest();
            Digest128 digest = base.digest();
            baseLineage = new Lineage(digest.high(), digest.low());
            point = new ReplicaPoint(outcome.round(), baseLineage, begin.toEpochMilli(), 0);
            unstable = outcome.unstable();
        }
        lagBytes = unstable.size();
        if (unstable.isEmpty()) {
            cleanAt = begin;
        }
        show(running(), notes(round.leftOut(), unstable));
        complete(asked, unstable);
        verify(open, toVerify);
    }

    private static String notes(List<String> leftOut, List<String> unstable) {
        String left = leftOut.isEmpty() ? "" : leftOut.size() + " left out, first " + leftOut.get(0);
        String moving = unstable.isEmpty() ? "" : unstable.size() + " do not stop changing, first " + unstable.get(0);
        return left.isEmpty() || moving.isEmpty() ? left + moving : left + "; " + moving;
    }

    private void complete(List<CompletableFuture<Long>> asked, List<String> unstable) {
        for (CompletableFuture<Long> each : asked) {
            if (unstable.isEmpty()) {
                each.complete(point.epoch());
            } else {
                each.completeExceptionally(new SyncException(
                        SyncException.Retry.TRANSIENT,
                        unstable.size() + " files could not be read or did not stop changing, the first is "
                                + unstable.get(0) + ": stop writing to it, or replicate a snapshot"));
            }
        }
    }

    private void verify(TreeLink open, List<CompletableFuture<VerifyReport>> toVerify) throws IOException {
        if (toVerify.isEmpty()) {
            return;
        }
        open.send(new TreeMessage.AskVerify(point.epoch()));
        Message answer = open.await();
        if (!(answer instanceof Message.Tree tree)
                || !(TreeMessage.of(tree) instanceof TreeMessage.Verified verified)
                || verified.comparedBytes() < 0) {
            throw ProtocolException.malformed("a message of type " + answer.type() + " is no answer to a verification");
        }
        VerifyReport report =
                new VerifyReport(point.epoch(), verified.comparedBytes(), differences(verified.differing()));
        toVerify.forEach(each -> each.complete(report));
    }

    /** Places differing entries in the row of all files, one after the other in the order of the manifest. */
    private List<VerifyReport.ByteRange> differences(List<Integer> ordinals) {
        List<VerifyReport.ByteRange> ranges = new ArrayList<>();
        Iterator<Integer> wanted = ordinals.iterator();
        int next = wanted.hasNext() ? wanted.next() : -1;
        long offset = 0;
        int ordinal = 0;
        for (TreeEntry entry : base.entries()) {
            if (ordinal == next && ranges.size() < MAX_DIFFERENCES) {
                ranges.add(new VerifyReport.ByteRange(offset, Math.max(1, entry.size())));
                next = wanted.hasNext() ? wanted.next() : -1;
            }
            offset += entry.size();
            ordinal++;
        }
        return ranges;
    }

    private void sent(long bytes) {
        sentBytes += bytes;
        if (now() - publishedNanos >= 500_000_000L) {
            show(phase, detail);
        }
    }

    private void interrupted(IOException why) {
        closeLink();
        if (stopping) {
            return;
        }
        String reason = why.getMessage() == null ? "the peer closed the connection" : why.getMessage();
        RefusalCode code = why instanceof ProtocolException refused ? refused.code() : RefusalCode.PROTOCOL;
        boolean lasting = !code.isTransient();
        if (code == RefusalCode.STALE_GENERATION && why instanceof ProtocolException refused) {
            SyncSpec current = spec.get();
            firstContact.completeExceptionally(new StaleGenerationException(
                    current.vm(), current.generation(), Generation.of(refused.highestGeneration())));
        }
        boolean superseded = code == RefusalCode.STALE_GENERATION || code == RefusalCode.PROMOTED;
        LOG.info("session to {} is interrupted: {}", spec.get().target(), reason);
        lag();
        show(superseded ? SyncPhase.PROMOTED : lasting ? SyncPhase.FAILED : SyncPhase.INTERRUPTED, reason);
        nextRoundNanos = now() + backoffNanos;
        backoffNanos = Math.min(environment.dialer().network().maxBackoff().toNanos(), backoffNanos * 2);
        firstContact.complete(null);
    }

    /** Looks how much has changed, although it cannot be sent. */
    private void lag() {
        try {
            lagBytes = TreeRound.plan(source, base, bytes -> {}).pendingBytes();
        } catch (IOException e) {
            LOG.debug("the source cannot be scanned", e);
        }
    }

    private void closeLink() {
        TreeLink open = link;
        link = null;
        if (open != null) {
            open.close();
        }
    }

    private void show(SyncPhase newPhase, String newDetail) {
        phase = newPhase;
        detail = newDetail;
        long now = now();
        if (now - publishedNanos >= 100_000_000L) {
            rate = (sentBytes - publishedBytes) / ((now - publishedNanos) / 1e9);
            publishedNanos = now;
            publishedBytes = sentBytes;
        }
        Instant wall = environment.clock().instant();
        Duration age = lagBytes == 0 ? Duration.ZERO : Duration.between(cleanAt, wall);
        publisher.accept(new SyncStatus(
                newPhase,
                spec.get().generation(),
                point.isCommitted() ? OptionalLong.of(point.epoch()) : OptionalLong.empty(),
                point.isCommitted() ? Optional.of(Instant.ofEpochMilli(point.frozenAtMillis())) : Optional.empty(),
                lagBytes,
                age.isNegative() ? Duration.ZERO : age,
                rate,
                lagBytes > 0 && rate > 0 && !newPhase.isTerminal()
                        ? Optional.of(Duration.ofMillis((long) (lagBytes * 1000.0 / rate)))
                        : Optional.empty(),
                sentBytes,
                wall,
                newDetail));
    }
}
