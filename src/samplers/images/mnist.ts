/** A file that is known by its contents. */
export interface KnownFile {
  readonly name: string;
  readonly sha256: string;
}

/** The files of a population. */
export interface ImageFiles {
  readonly name: string;
  readonly training: { readonly images: KnownFile; readonly labels: KnownFile };
  readonly test: { readonly images: KnownFile; readonly labels: KnownFile };
}

/** Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits: the four files as first published, unpacked. */
export const MNIST: ImageFiles = {
  name: 'mnist',
  training: {
    images: {
      name: 'train-images-idx3-ubyte',
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    labels: {
      name: 'train-labels-idx1-ubyte',
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
  },
  test: {
    images: {
      name: 't10k-images-idx3-ubyte',
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    labels: {
      name: 't10k-labels-idx1-ubyte',
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
};

export const knownFiles = ({ training, test }: ImageFiles): readonly KnownFile[] => [
  training.images,
  training.labels,
  test.images,
  test.labels,
];
