package dev.shadow.core.contract;

import dev.shadow.core.store.FileReplicaStore;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.store.StoreException;
import dev.shadow.tck.contract.ReplicaStoreContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class FileReplicaStoreContractTest extends ReplicaStoreContract {
    @TempDir
    Path directory;

    private @Nullable FileReplicaStore store;

    @Override
    protected ReplicaStore store() {
        if (store == null) {
            store = opened();
        }
        return store;
    }

    private FileReplicaStore opened() {
        try {
            return FileReplicaStore.open(directory, 300);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    /** The files as they are while the store is open, in a directory of their own. */
    @Override
    protected void crashAndReopen() throws Exception {
        Path copy = Files.createDirectory(directory.resolve("copy-" + System.identityHashCode(new Object())));
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        store().close();
        directory = copy;
        store = null;
    }

    @Override
    protected void reopenAfterClose() {
        store = null;
    }

    @AfterEach
    void close() {
        store().close();
    }
}
