/** Contract tests that an implementer of the SPI runs against his own implementation. */
module dev.shadow.tck {
    requires static org.jspecify;
    requires transitive dev.shadow.spi;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;

    exports dev.shadow.tck.contract;
    exports dev.shadow.tck.fake;
    exports dev.shadow.tck.property;
    exports dev.shadow.tck.time;

    // JUnit reaches test classes and extensions by reflection.
    opens dev.shadow.tck.contract to
            org.junit.platform.commons;
    opens dev.shadow.tck.property to
            org.junit.platform.commons;
}
