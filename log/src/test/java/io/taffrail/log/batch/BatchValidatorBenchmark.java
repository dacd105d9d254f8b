package io.taffrail.log.batch;

import java.nio.ByteBuffer;

/**
 * Measures the cost of {@link BatchValidator} for each record, and the part of it that
 * is the checksum. Run {@code main} with the test class path; it prints the best of several rounds.
 */
final class BatchValidatorBenchmark {

    private static final int ROUNDS = 15;
    private static final long BYTES_A_ROUND = 400L << 20;

    private BatchValidatorBenchmark() {}

    public static void main(String[] arguments) {
        for (Codec codec : new Codec[]{Codec.NONE, Codec.LZ4, Codec.ZSTD}) {
            for (int valueBytes : new int[]{100, 1024}) {
                for (int batchBytes : new int[]{16 << 10, 1 << 20}) {
                    measure(codec, valueBytes, batchBytes);
                }
            }
        }
    }

    private static void measure(Codec codec, int valueBytes, int batchBytes) {
        ByteBuffer batch = direct(codec, valueBytes, batchBytes);
        int count = BatchHeader.recordCount(batch, 0);
        long uncompressed = (long) count * valueBytes;
        long repeats = BYTES_A_ROUND / (codec == Codec.NONE ? 1 : 8) / uncompressed;
        double all = Double.MAX_VALUE;
        double checksum = Double.MAX_VALUE;
        try (BatchValidator validator = new BatchValidator()) {
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                for (long repeat = 0; repeat < repeats; repeat++) {
                    if (validator.validate(batch,
                            BatchRules.FORMAT) instanceof BatchCheck.Invalid) {
                        throw new IllegalStateException("the benchmark's batch is invalid");
                    }
                }
                long middle = System.nanoTime();
                int sum = 0;
                for (long repeat = 0; repeat < repeats; repeat++) {
                    sum += BatchHeader.computeCrc(batch, 0, batch.limit());
                }
                long end = System.nanoTime();
                if (sum == 1) {
                    throw new IllegalStateException("never: keeps the loop alive");
                }
                all = Math.min(all, (middle - start) / (double) (repeats * count));
                checksum = Math.min(checksum, (end - middle) / (double) (repeats * count));
            }
        }
        System.out.printf(
                "%-4s %4d B records, %4d KiB batches: %6.1f ns a record, %5.1f of it CRC%n",
                codec, valueBytes, batchBytes >> 10, all, checksum);
    }

    private static ByteBuffer direct(Codec codec, int valueBytes, int batchBytes) {
        BatchBuilder builder = new BatchBuilder(batchBytes + 2048).codec(codec);
        byte[] value = new byte[valueBytes];
        new java.util.Random(1).nextBytes(value);
        for (long timestampMs = 1_700_000_000_000L; builder
                .sizeBytes() < batchBytes; timestampMs++) {
            builder.add(timestampMs, null, value);
        }
        ByteBuffer built = builder.build();
        return ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
    }
}
