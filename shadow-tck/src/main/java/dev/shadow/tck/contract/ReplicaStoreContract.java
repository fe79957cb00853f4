package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.spi.Subscription;
import dev.shadow.spi.store.FencedWriteException;
import dev.shadow.spi.store.RecordKey;
import dev.shadow.spi.store.ReplicaStore;
import dev.shadow.spi.store.ReplicaStore.Change;
import dev.shadow.spi.store.StoredRecord;
import dev.shadow.spi.store.VersionConflictException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The promises of {@link ReplicaStore}. */
public abstract class ReplicaStoreContract extends SpiContract {
    /** The store under test, empty at first. */
    protected abstract ReplicaStore store();

    /** Drops the present store as a crash does; {@link #store} then returns one on the same data. */
    protected abstract void crashAndReopen() throws Exception;

    /** Opens one more store on the data of a store that was closed; {@link #store} then returns it. */
    protected abstract void reopenAfterClose() throws Exception;

    private final RecordKey key = new RecordKey("profile", "a");

    private StoredRecord put(RecordKey record, long expected, String document) throws Exception {
        return store().put(record, expected, document, 0);
    }

    @Test
    void writtenRecordIsRead() throws Exception {
        StoredRecord written = put(key, 0, "{\"a\":1}");
        assertThat(written).isEqualTo(new StoredRecord(key, 1, "{\"a\":1}"));
        assertThat(store().get(key)).contains(written);
    }

    @Test
    void unknownRecordIsEmpty() throws Exception {
        assertThat(store().get(new RecordKey("profile", "nobody"))).isEmpty();
    }

    @Test
    void everyWriteRaisesTheVersionByOne() throws Exception {
        put(key, 0, "{}");
        assertThat(put(key, 1, "{\"b\":2}").version()).isEqualTo(2);
        assertThat(put(key, 2, "{\"b\":3}").version()).isEqualTo(3);
    }

    @Test
    void writeOverAnotherVersionIsRefused() throws Exception {
        put(key, 0, "{}");
        put(key, 1, "{\"kept\":1}");
        assertThatThrownBy(() -> put(key, 1, "{\"lost\":1}")).isInstanceOf(VersionConflictException.class);
        assertThat(store().get(key).map(StoredRecord::document)).contains("{\"kept\":1}");
    }

    @Test
    void creationOverARecordIsRefused() throws Exception {
        put(key, 0, "{\"kept\":1}");
        assertThatThrownBy(() -> put(key, 0, "{\"lost\":1}")).isInstanceOf(VersionConflictException.class);
    }

    @Test
    void writeOfARecordThatIsNotThereIsRefused() throws Exception {
        assertThatThrownBy(() -> put(key, 3, "{}")).isInstanceOf(VersionConflictException.class);
        assertThat(store().list("profile")).isEmpty();
    }

    @Test
    void listsOneKindOrderedById() throws Exception {
        put(new RecordKey("replica", "c"), 0, "{}");
        put(new RecordKey("replica", "a"), 0, "{}");
        put(new RecordKey("replica", "b"), 0, "{}");
        assertThat(store().list("replica"))
                .extracting(found -> found.key().id())
                .containsExactly("a", "b", "c");
    }

    @Test
    void listsNoOtherKind() throws Exception {
        put(new RecordKey("replica", "a"), 0, "{}");
        put(new RecordKey("replica-2", "b"), 0, "{}");
        assertThat(store().list("replica")).hasSize(1);
    }

    @Test
    void removedRecordIsGone() throws Exception {
        put(key, 0, "{}");
        store().remove(key, 1, 0);
        assertThat(store().list("profile")).isEmpty();
    }

    @Test
    void removalOfAnotherVersionIsRefused() throws Exception {
        put(key, 0, "{}");
        put(key, 1, "{}");
        assertThatThrownBy(() -> store().remove(key, 1, 0)).isInstanceOf(VersionConflictException.class);
        assertThat(store().get(key)).isPresent();
    }

    @Test
    void removalOfNothingIsRefused() {
        assertThatThrownBy(() -> store().remove(key, 1, 0)).isInstanceOf(VersionConflictException.class);
    }

    @Test
    void versionsGoOnAboveARemovedRecord() throws Exception {
        put(key, 0, "{}");
        put(key, 1, "{}");
        store().remove(key, 2, 0);
        assertThat(put(key, 0, "{}").version()).isGreaterThan(2);
    }

    @Test
    void versionsGoOnAboveARemovedRecordAfterACrash() throws Exception {
        put(key, 0, "{}");
        put(key, 1, "{}");
        store().remove(key, 2, 0);
        crashAndReopen();
        assertThat(put(key, 0, "{}").version()).isGreaterThan(2);
    }

    @Test
    void writeWithALowerTokenIsRefused() throws Exception {
        store().put(key, 0, "{}", 7);
        assertThatThrownBy(() -> store().put(key, 1, "{\"lost\":1}", 6)).isInstanceOf(FencedWriteException.class);
        assertThat(store().get(key).map(StoredRecord::version)).contains(1L);
    }

    @Test
    void tokenGuardsEveryRecordOfTheStore() throws Exception {
        store().put(key, 0, "{}", 7);
        assertThatThrownBy(() -> store().put(new RecordKey("replica", "b"), 0, "{}", 6))
                .isInstanceOf(FencedWriteException.class);
    }

    @Test
    void removalWithALowerTokenIsRefused() throws Exception {
        store().put(key, 0, "{}", 7);
        assertThatThrownBy(() -> store().remove(key, 1, 6)).isInstanceOf(FencedWriteException.class);
        assertThat(store().get(key)).isPresent();
    }

    @Test
    void tokenIsRememberedOverACrash() throws Exception {
        store().put(key, 0, "{}", 7);
        crashAndReopen();
        assertThatThrownBy(() -> store().put(key, 1, "{}", 6)).isInstanceOf(FencedWriteException.class);
    }

    @Test
    void acknowledgedWriteOutlivesACrash() throws Exception {
        put(key, 0, "{\"a\":1}");
        crashAndReopen();
        assertThat(store().get(key)).contains(new StoredRecord(key, 1, "{\"a\":1}"));
    }

    @Test
    void acknowledgedRemovalOutlivesACrash() throws Exception {
        put(key, 0, "{}");
        store().remove(key, 1, 0);
        crashAndReopen();
        assertThat(store().list("profile")).isEmpty();
    }

    @Test
    void nothingAcknowledgedIsLostByClosing() throws Exception {
        put(key, 0, "{\"a\":1}");
        store().close();
        store().close();
        reopenAfterClose();
        assertThat(store().get(key)).contains(new StoredRecord(key, 1, "{\"a\":1}"));
    }

    @Test
    void largeDocumentIsKeptWhole() throws Exception {
        String large = "\"" + "\u00e9".repeat(StoredRecord.MAX_DOCUMENT / 2 - 2) + "\"";
        put(key, 0, large);
        assertThat(store().get(key).map(found -> found.document().equals(large)))
                .contains(true);
    }

    @Test
    void ofOverlappingWritesOverOneVersionOneSucceeds() throws Exception {
        put(key, 0, "{}");
        List<Callable<Boolean>> writes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String document = "{\"i\":" + i + "}";
            writes.add(() -> {
                try {
                    put(key, 1, document);
                    return true;
                } catch (VersionConflictException lost) {
                    return false;
                }
            });
        }
        assertThat(allAtOnce(writes).stream().filter(won -> won)).hasSize(1);
    }

    @Test
    void deliversWritesAndRemovalsInOrder() throws Exception {
        List<Change> heard = new CopyOnWriteArrayList<>();
        store().subscribe(heard::add);
        put(key, 0, "{\"v\":1}");
        put(key, 1, "{\"v\":2}");
        store().remove(key, 2, 0);
        eventually("three changes are delivered", () -> heard.size() == 3);
        assertThat(heard)
                .containsExactly(
                        new Change(key, 1, Optional.of("{\"v\":1}")),
                        new Change(key, 2, Optional.of("{\"v\":2}")),
                        new Change(key, 2, Optional.empty()));
    }

    @Test
    void deliversNothingForARefusedWrite() throws Exception {
        put(key, 0, "{}");
        List<Change> heard = new CopyOnWriteArrayList<>();
        store().subscribe(heard::add);
        assertThatThrownBy(() -> put(key, 9, "{}")).isInstanceOf(VersionConflictException.class);
        put(key, 1, "{\"marker\":1}");
        eventually("the marker is delivered", () -> heard.stream().anyMatch(change -> change.version() == 2));
        assertThat(heard).hasSize(1);
    }

    @Test
    void closedSubscriptionHearsNothing() throws Exception {
        List<Change> heard = new CopyOnWriteArrayList<>();
        List<Change> witness = new CopyOnWriteArrayList<>();
        Subscription subscription = store().subscribe(heard::add);
        subscription.close();
        subscription.close();
        store().subscribe(witness::add);
        put(key, 0, "{}");
        eventually("the witness hears", () -> !witness.isEmpty());
        assertThat(heard).isEmpty();
    }

    @Test
    void listenerThatThrowsHarmsNobody() throws Exception {
        List<Change> heard = new CopyOnWriteArrayList<>();
        store().subscribe(change -> {
            throw new IllegalStateException("a broken listener, on purpose");
        });
        store().subscribe(heard::add);
        put(new RecordKey("other", "b"), 0, "{}");
        eventually("the other listener hears", () -> !heard.isEmpty());
    }
}
