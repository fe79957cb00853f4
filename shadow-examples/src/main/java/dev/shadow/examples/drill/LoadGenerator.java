package dev.shadow.examples.drill;

import dev.shadow.examples.process.guest.KeyValueClient;
import dev.shadow.examples.process.guest.KeyValueClient.Acknowledgement;
import dev.shadow.examples.process.guest.KeyValueException;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Clients that write, and now and then read back, for as long as the drill lasts. A write whose fate is unknown is
 * repeated until it is acknowledged; every acknowledged write is remembered. May be shared.
 */
final class LoadGenerator implements Closeable {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final long PAUSE_MILLIS = 5;
    private static final int READ_EVERY = 4;

    private final Endpoint endpoint;
    private final DrillPlan plan;
    private final LongSupplier nanos;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<AcknowledgedWrite> written = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong interruptions = new AtomicLong();
    private volatile @Nullable String refusal;

    private LoadGenerator(Endpoint endpoint, DrillPlan plan, LongSupplier nanos) {
        this.endpoint = endpoint;
        this.plan = plan;
        this.nanos = nanos;
    }

    static LoadGenerator start(Endpoint endpoint, DrillPlan plan, LongSupplier nanos) {
        LoadGenerator load = new LoadGenerator(endpoint, plan, nanos);
        for (int client = 0; client < plan.clients(); client++) {
            int number = client;
            Thread thread = new Thread(() -> load.run(number), "client-" + number);
            thread.setDaemon(true);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    private void run(int client) {
        new Client(client).run();
    }

    long writes() {
        return writes.get();
    }

    long reads() {
        return reads.get();
    }

    /** How often a client lost its connection. */
    long interruptions() {
        return interruptions.get();
    }

    /** Why the clients stopped by themselves, if they did. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Every acknowledged write so far. */
    List<AcknowledgedWrite> acknowledged() {
        return List.copyOf(written);
    }

    /** What clients read that they should not have, so far. */
    List<String> violations() {
        return List.copyOf(violations);
    }

    @Override
    public void close() {
        stop();
    }

    /** Ends the clients, and waits until none will write any more. */
    void stop() {
        ended.countDown();
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One client with its connection. Owned by its thread. */
    private final class Client {
        private final int number;
        private final SplittableRandom random;
        private final List<AcknowledgedWrite> own = new ArrayList<>();
        private @Nullable KeyValueClient connection;
        private long sequence;

        Client(int number) {
            this.number = number;
            this.random = new SplittableRandom(plan.seed() + number);
        }

        void run() {
            long interval = TimeUnit.SECONDS.toNanos(1) * plan.clients() / plan.writesPerSecond();
            long due = nanos.getAsLong();
            try {
                while (refusal == null && !ended.await(Math.max(0, due - nanos.getAsLong()), TimeUnit.NANOSECONDS)) {
                    write(++sequence);
                    if (sequence % READ_EVERY == 0) {
                        readBack();
                    }
                    due = Math.max(due + interval, nanos.getAsLong() - interval);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                disconnect();
            }
        }

        /** Repeats the write until it is acknowledged, or the drill ends and its fate stays unknown. */
        private void write(long number) throws InterruptedException {
            byte[] value = Payload.of(plan.seed(), this.number, number, plan.valueBytes());
            String key = Payload.key(this.number, number);
            do {
                try {
                    Acknowledgement ack = connected().put(key, value);
                    AcknowledgedWrite write = new AcknowledgedWrite(
                            this.number,
                            number,
                            ack.generation(),
                            ack.writeNumber(),
                            key.length() + value.length,
                            nanos.getAsLong());
                    own.add(write);
                    written.add(write);
                    writes.incrementAndGet();
                    return;
                } catch (KeyValueException e) {
                    if (e.code() != KeyValueException.Code.UNAVAILABLE) {
                        refusal = e.getMessage();
                        return;
                    }
                    lost();
                } catch (IOException e) {
                    lost();
                }
            } while (!ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        }

        /** Reads a value that the same generation has acknowledged; older ones are for the check at the end. */
        private void readBack() throws InterruptedException {
            if (own.isEmpty()) {
                return;
            }
            AcknowledgedWrite last = own.get(own.size() - 1);
            AcknowledgedWrite picked = own.get(random.nextInt(own.size()));
            if (!picked.generation().equals(last.generation())) {
                return;
            }
            try {
                Generation before = connected().stat().generation();
                Optional<byte[]> value = connected().get(picked.key());
                byte[] expected = Payload.of(plan.seed(), number, picked.sequence(), plan.valueBytes());
                reads.incrementAndGet();
                if (before.equals(picked.generation()) && (value.isEmpty() || !Arrays.equals(value.get(), expected))) {
                    violations.add("client " + number + " read " + (value.isEmpty() ? "nothing" : "something else")
                            + " for " + picked.key() + ", which was acknowledged");
                }
            } catch (IOException e) {
                lost();
                ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }

        private KeyValueClient connected() throws IOException {
            KeyValueClient present = connection;
            if (present == null) {
                present = KeyValueClient.connect(endpoint, TIMEOUT);
                connection = present;
            }
            return present;
        }

        private void lost() {
            interruptions.incrementAndGet();
            disconnect();
        }

        private void disconnect() {
            KeyValueClient present = connection;
            connection = null;
            if (present != null) {
                try {
                    present.close();
                } catch (IOException e) {
                    // It is given up anyway.
                    return;
                }
            }
        }
    }
}
