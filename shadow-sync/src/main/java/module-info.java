/** Replication that keeps a shadow in step with its primary. */
module dev.shadow.sync {
    requires static org.jspecify;
    requires transitive dev.shadow.spi;
    requires org.lz4.java;
    requires org.slf4j;

    exports dev.shadow.sync;
    exports dev.shadow.sync.copy;
    exports dev.shadow.sync.file;
    exports dev.shadow.sync.stream;
}
