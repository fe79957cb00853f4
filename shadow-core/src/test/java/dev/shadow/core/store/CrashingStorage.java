package dev.shadow.core.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A directory in memory that loses power at a chosen operation. What was not forced may be lost, kept in
 * part, or kept; names that were not forced may be lost.
 */
final class CrashingStorage implements Storage {
    static final class PowerLoss extends IOException {
        private static final long serialVersionUID = 1L;

        PowerLoss() {
            super("power was lost");
        }
    }

    private static final class Content {
        private byte[] forced = new byte[0];
        private byte[] written = new byte[0];
    }

    private final Map<String, Content> names;
    private Map<String, Content> forcedNames;
    private int operationsLeft;
    private boolean out;
    private int operations;

    private CrashingStorage(Map<String, Content> names, int operationsLeft) {
        this.names = new TreeMap<>(names);
        this.forcedNames = new TreeMap<>(names);
        this.operationsLeft = operationsLeft;
    }

    static CrashingStorage empty(int operationsUntilCrash) {
        return new CrashingStorage(Map.of(), operationsUntilCrash);
    }

    /** What is left on the disk after the power was lost, as chance has it. */
    CrashingStorage afterPowerLoss(RandomGenerator random, int operationsUntilCrash) {
        Map<String, Content> left = new TreeMap<>();
        // A rename or a deletion that was not forced may have happened or not, in order.
        Map<String, Content> chosen = random.nextBoolean() ? names : forcedNames;
        chosen.forEach((name, content) -> {
            Content survivor = new Content();
            survivor.forced = torn(content, random);
            survivor.written = survivor.forced;
            left.put(name, survivor);
        });
        return new CrashingStorage(left, operationsUntilCrash);
    }

    private static byte[] torn(Content content, RandomGenerator random) {
        if (content.written.length <= content.forced.length) {
            return random.nextBoolean() ? content.written : content.forced;
        }
        int extra = random.nextInt(content.written.length - content.forced.length + 1);
        byte[] torn = Arrays.copyOf(content.written, content.forced.length + extra);
        if (extra > 8 && random.nextInt(3) == 0) {
            Arrays.fill(torn, content.forced.length + random.nextInt(extra), torn.length, (byte) 0);
        }
        return torn;
    }

    int operations() {
        return operations;
    }

    boolean isOut() {
        return out;
    }

    byte[] bytes(String name) {
        return content(name).written.clone();
    }

    private Content content(String name) {
        return Objects.requireNonNull(names.get(name), name);
    }

    void replace(String name, byte[] bytes) {
        content(name).written = bytes.clone();
        content(name).forced = bytes.clone();
    }

    private void operate() throws IOException {
        if (out) {
            throw new PowerLoss();
        }
        operations++;
        if (--operationsLeft < 0) {
            out = true;
            throw new PowerLoss();
        }
    }

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public List<String> names() {
        return List.copyOf(names.keySet());
    }

    @Override
    public byte[] read(String name) {
        return bytes(name);
    }

    @Override
    public Appender append(String name) throws IOException {
        operate();
        Content content = names.computeIfAbsent(name, n -> new Content());
        return new Appender() {
            @Override
            public void write(ByteBuffer bytes) throws IOException {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                all.writeBytes(content.written);
                byte[] added = new byte[bytes.remaining()];
                bytes.get(added);
                all.writeBytes(added);
                try {
                    operate();
                } finally {
                    content.written = all.toByteArray();
                }
            }

            @Override
            public void force() throws IOException {
                operate();
                content.forced = content.written;
                // As on common file systems, forcing a new file makes its name durable too.
                forcedNames.put(name, content);
            }

            @Override
            public void truncate(long length) throws IOException {
                operate();
                content.written = Arrays.copyOf(content.written, (int) length);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void rename(String from, String to) throws IOException {
        operate();
        Content content = content(from);
        names.remove(from);
        names.put(to, content);
    }

    @Override
    public void delete(String name) throws IOException {
        operate();
        names.remove(name);
    }

    @Override
    public void forceNames() throws IOException {
        operate();
        forcedNames = new TreeMap<>(names);
    }

    @Override
    public void close() {}
}
