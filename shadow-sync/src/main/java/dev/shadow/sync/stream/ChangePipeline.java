package dev.shadow.sync.stream;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.stream.ChangeApplier;
import dev.shadow.spi.sync.stream.ChangeFeed;
import dev.shadow.spi.sync.stream.ChangeTransaction;
import dev.shadow.spi.sync.stream.StreamPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves changes from a feed to a target, in order, each with the effect of exactly one application: the position is kept
 * in the target's own transaction and read from there at the start and after every failure, and the feed is told only
 * then. Holds one batch of whole transactions and no more, and reads on only when it is applied, so that a slow target
 * slows the reading down.
 *
 * <p>Driven by {@link #poll}, by one thread at a time; {@link #status} may be called from any thread.
 */
public final class ChangePipeline implements AutoCloseable {
    private static final Duration AT_ONCE = Duration.ofNanos(1);

    private final ChangeFeed feed;
    private final ChangeApplier target;
    private final Generation generation;
    private final ChangePipelineOptions options;
    private ChangeFeed.@Nullable Reader reader;
    private @Nullable ChangeTransaction held;
    private volatile ChangePipelineStatus status =
            new ChangePipelineStatus(Optional.empty(), false, 0, 0, Duration.ZERO, "");

    private ChangePipeline(
            ChangeFeed feed, ChangeApplier target, Generation generation, ChangePipelineOptions options) {
        this.feed = Objects.requireNonNull(feed, "feed");
        this.target = Objects.requireNonNull(target, "target");
        this.generation = Objects.requireNonNull(generation, "generation");
        this.options = Objects.requireNonNull(options, "options");
    }

    /** Returns a pipeline that has read nothing yet. */
    public static ChangePipeline between(
            ChangeFeed feed, ChangeApplier target, Generation generation, ChangePipelineOptions options) {
        return new ChangePipeline(feed, target, generation, options);
    }

    /** How far it is, as of the last poll. */
    public ChangePipelineStatus status() {
        return status;
    }

    /**
     * Reads one batch and applies it.
     *
     * @return number of transactions applied; 0 if the feed had none
     * @throws SyncException if feed or target failed; the next call begins again after what the target holds
     * @throws dev.shadow.spi.StaleGenerationException if a newer generation has taken the target over
     */
    public int poll() throws SyncException {
        try {
            List<ChangeTransaction> batch = read();
            if (!batch.isEmpty()) {
                apply(batch);
            }
            return batch.size();
        } catch (SyncException | RuntimeException e) {
            close();
            show(status.position(), status.consistent(), List.of(), status.lag(), String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private ChangeFeed.Reader reader() throws SyncException {
        ChangeFeed.Reader open = reader;
        if (open == null) {
            Optional<StreamPosition> position = target.position(options.callTimeout());
            open = feed.open(position, options.callTimeout());
            reader = open;
            boolean same = position.equals(status.position());
            show(position, same && status.consistent(), List.of(), status.lag(), "");
            if (position.isPresent()) {
                open.confirm(position.get());
            }
        }
        return open;
    }

    private List<ChangeTransaction> read() throws SyncException {
        ChangeFeed.Reader open = reader();
        List<ChangeTransaction> batch = new ArrayList<>();
        long changes = 0;
        Optional<StreamPosition> last = status.position();
        ChangeTransaction next =
                held != null ? held : open.next(options.readTimeout()).orElse(null);
        held = null;
        while (next != null) {
            requireNext(next, last);
            if (!batch.isEmpty() && changes + next.changes().size() > options.batchChanges()) {
                held = next;
                return batch;
            }
            batch.add(next);
            changes += next.changes().size();
            last = Optional.of(next.position());
            next = changes < options.batchChanges() ? open.next(AT_ONCE).orElse(null) : null;
        }
        if (batch.isEmpty()) {
            show(status.position(), status.consistent(), List.of(), Duration.ZERO, "");
        }
        return batch;
    }

    private void requireNext(ChangeTransaction next, Optional<StreamPosition> last) throws SyncException {
        if (last.isPresent() && next.position().compareTo(last.get()) <= 0) {
            throw new SyncException(
                    SyncException.Retry.PERMANENT,
                    "the feed gave position " + next.position() + " after " + last.get()
                            + ": it must give rising ones");
        }
        if (next.changes().size() > options.maxTransactionChanges()) {
            throw new SyncException(
                    SyncException.Retry.PERMANENT,
                    "the transaction at " + next.position() + " has "
                            + next.changes().size() + " changes: raise maxTransactionChanges, which is "
                            + options.maxTransactionChanges());
        }
    }

    private void apply(List<ChangeTransaction> batch) throws SyncException {
        ChangeTransaction last = batch.get(batch.size() - 1);
        String key = "stream-" + last.position().sequence();
        target.apply(batch, CallContext.of(key, generation, options.callTimeout()));
        Instant now = options.clock().instant();
        Duration age = Duration.between(last.committedAt(), now);
        show(Optional.of(last.position()), !last.snapshot(), batch, age.isNegative() ? Duration.ZERO : age, "");
        reader().confirm(last.position());
    }

    private void show(
            Optional<StreamPosition> position,
            boolean consistent,
            List<ChangeTransaction> applied,
            Duration lag,
            String failure) {
        long changes = applied.stream().mapToLong(each -> each.changes().size()).sum();
        status = new ChangePipelineStatus(
                position, consistent, status.transactions() + applied.size(), status.changes() + changes, lag, failure);
    }

    /** Lets go of the feed; the target keeps what it has, and another pipeline continues there. */
    @Override
    public void close() {
        ChangeFeed.Reader open = reader;
        reader = null;
        held = null;
        if (open != null) {
            open.close();
        }
    }
}
