package dev.shadow.sync.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A disk in memory. A killed process loses nothing that it wrote; a power loss drops, keeps or tears every write that was
 * not flushed. Can crash at the n-th operation and run out of space.
 */
public final class SimulatedStorage implements Storage {
    private static final int SECTOR = 512;

    private final Machine machine;
    private final String path;

    private SimulatedStorage(Machine machine, String path) {
        this.machine = machine;
        this.path = path;
    }

    /** Returns an empty disk. */
    public static SimulatedStorage create() {
        return new SimulatedStorage(new Machine(), "");
    }

    /** Everything that one simulated machine stores. */
    private static final class Machine {
        final TreeMap<String, Content> files = new TreeMap<>();
        final List<Write> unflushed = new ArrayList<>();
        long operationsToCrash = -1;
        long freeBytes = Long.MAX_VALUE;
        String unflushedNames = "";
        int run;

        void operation() {
            if (operationsToCrash == 0) {
                throw new SimulatedCrash();
            }
            if (operationsToCrash > 0) {
                operationsToCrash--;
            }
        }
    }

    private static final class Content {
        byte[] now = new byte[0];
        byte[] durable = new byte[0];
        ByteBuffer mapped;
    }

    /** A change that a power loss may undo; {@code bytes} is null for a change of size. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Write(Content file, int position, byte[] bytes) {}

    // Faults

    /** From now on, the n-th operation that changes something crashes, and all after it. */
    void crashAfter(long operations) {
        machine.operationsToCrash = operations;
    }

    /** Limits what can still be written. */
    public void freeBytes(long bytes) {
        machine.freeBytes = bytes;
    }

    /** Planted bug: flushing files whose name starts so does nothing. */
    void ignoreFlushOf(String prefix) {
        machine.unflushedNames = prefix;
    }

    /** Starts the process again: old handles are dead. */
    void restart() {
        machine.run++;
        machine.operationsToCrash = -1;
    }

    void losePower(RandomGenerator random) {
        for (Write write : machine.unflushed) {
            keepSome(write, random);
        }
        machine.unflushed.clear();
        for (Content file : machine.files.values()) {
            if (file.mapped != null) {
                loseSectors(file, random);
            } else {
                file.now = file.durable.clone();
            }
        }
        restart();
    }

    private static void keepSome(Write write, RandomGenerator random) {
        Content file = write.file();
        if (write.bytes() == null) {
            if (random.nextBoolean()) {
                file.durable = Arrays.copyOf(file.durable, write.position());
            }
            return;
        }
        int fate = random.nextInt(3);
        for (int at = 0; at < write.bytes().length; at += SECTOR) {
            if (fate == 0 || (fate == 1 && random.nextBoolean())) {
                int length = Math.min(SECTOR, write.bytes().length - at);
                int end = write.position() + at + length;
                if (file.durable.length < end) {
                    file.durable = Arrays.copyOf(file.durable, end);
                }
                System.arraycopy(write.bytes(), at, file.durable, write.position() + at, length);
            }
        }
    }

    private static void loseSectors(Content file, RandomGenerator random) {
        for (int at = 0; at < file.durable.length; at += SECTOR) {
            if (random.nextBoolean()) {
                file.mapped.put(at, file.durable, at, Math.min(SECTOR, file.durable.length - at));
            }
        }
        file.mapped.get(0, file.durable);
    }

    /** Returns an independent copy, as after a kill. */
    SimulatedStorage copy() {
        Machine copy = new Machine();
        java.util.IdentityHashMap<Content, Content> copies = new java.util.IdentityHashMap<>();
        machine.files.forEach((name, file) -> {
            Content c = new Content();
            c.now = file.now.clone();
            c.durable = file.durable.clone();
            if (file.mapped != null) {
                c.mapped = ByteBuffer.allocateDirect(file.mapped.capacity());
                c.mapped.put(0, file.mapped, 0, file.mapped.capacity());
            }
            copies.put(file, c);
            copy.files.put(name, c);
        });
        for (Write write : machine.unflushed) {
            Content c = copies.get(write.file());
            if (c != null) {
                copy.unflushed.add(new Write(c, write.position(), write.bytes()));
            }
        }
        return new SimulatedStorage(copy, path);
    }

    byte[] content(String name) {
        return machine.files.get(path + name).now.clone();
    }

    // Storage

    @Override
    public StorageFile open(String name) {
        Content content = machine.files.computeIfAbsent(path + name, n -> new Content());
        return new File(machine, content, name, machine.run);
    }

    @Override
    public MappedMemory map(String name, long length) {
        machine.operation();
        int bytes = Math.toIntExact(length);
        Content content = machine.files.computeIfAbsent(path + name, n -> new Content());
        if (content.mapped == null || content.mapped.capacity() != bytes) {
            content.mapped = ByteBuffer.allocateDirect(bytes);
            content.durable = new byte[bytes];
        }
        return new MappedMemory() {
            @Override
            public ByteBuffer slice(long offset, int size) {
                return content.mapped.slice(Math.toIntExact(offset), size);
            }

            @Override
            public void force() {
                machine.operation();
                content.mapped.get(0, content.durable);
            }
        };
    }

    @Override
    public boolean exists(String name) {
        Content content = machine.files.get(path + name);
        return content != null && (content.now.length > 0 || content.mapped != null);
    }

    @Override
    public void delete(String name) {
        machine.operation();
        machine.files.remove(path + name);
    }

    @Override
    public List<String> list() {
        return machine.files.keySet().stream()
                .filter(name -> name.startsWith(path))
                .map(name -> name.substring(path.length()).replaceFirst("/.*", ""))
                .distinct()
                .toList();
    }

    @Override
    public Storage directory(String name) {
        return new SimulatedStorage(machine, path + name + "/");
    }

    @Override
    public void deleteDirectory(String name) {
        machine.operation();
    }

    @Override
    public void forceDirectory() {
        machine.operation();
    }

    private static final class File implements StorageFile {
        private final Machine machine;
        private final Content content;
        private final String name;
        private final int run;

        File(Machine machine, Content content, String name, int run) {
            this.machine = machine;
            this.content = content;
            this.name = name;
            this.run = run;
        }

        private void operation() {
            if (run != machine.run) {
                throw new SimulatedCrash();
            }
            machine.operation();
        }

        @Override
        public long size() {
            return content.now.length;
        }

        @Override
        public void read(long position, ByteBuffer target) throws IOException {
            if (position + target.remaining() > content.now.length) {
                throw new EOFException("read beyond " + content.now.length);
            }
            target.put(content.now, (int) position, target.remaining());
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            int length = source.remaining();
            long growth = Math.max(0, position + length - content.now.length);
            if (growth > machine.freeBytes) {
                throw new IOException("No space left on device");
            }
            if (machine.freeBytes != Long.MAX_VALUE) {
                machine.freeBytes -= growth;
            }
            byte[] bytes = new byte[length];
            source.get(bytes);
            try {
                operation();
            } catch (SimulatedCrash crash) {
                if (run == machine.run && length > 1) {
                    // The operation was under way: half of it happened.
                    store((int) position, Arrays.copyOf(bytes, length / 2));
                    machine.run++;
                }
                throw crash;
            }
            store((int) position, bytes);
        }

        private void store(int position, byte[] bytes) {
            if (content.now.length < position + bytes.length) {
                content.now = Arrays.copyOf(content.now, position + bytes.length);
            }
            System.arraycopy(bytes, 0, content.now, position, bytes.length);
            machine.unflushed.add(new Write(content, position, bytes));
        }

        @Override
        public void resize(long size) {
            operation();
            if (machine.freeBytes != Long.MAX_VALUE) {
                machine.freeBytes += Math.max(0, content.now.length - size);
            }
            content.now = Arrays.copyOf(content.now, (int) size);
            machine.unflushed.add(new Write(content, (int) size, null));
        }

        @Override
        public void force() {
            operation();
            if (!machine.unflushedNames.isEmpty() && name.startsWith(machine.unflushedNames)) {
                return;
            }
            content.durable = content.now.clone();
            machine.unflushed.removeIf(write -> write.file() == content);
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
