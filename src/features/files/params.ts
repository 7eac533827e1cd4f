import {
  boolean,
  either,
  file,
  form,
  id,
  metadata,
  object,
  oneOf,
  optional,
  type ParamsOf,
  text,
  timestamp,
  unsettable,
} from '../../api/params.ts';
import { uploadedPurposes } from '../../data/file-purposes.ts';

export const createFileForm = form({
  file: file(),
  purpose: oneOf(uploadedPurposes),
  file_link_data: optional(
    object({ create: boolean(), expires_at: optional(timestamp()), metadata: optional(metadata()) }),
  ),
  title: optional(text()),
});
export type CreateFile = ParamsOf<typeof createFileForm>;

export const createLinkForm = form({
  file: id(),
  expires_at: optional(timestamp()),
  metadata: optional(metadata()),
});
export type CreateLink = ParamsOf<typeof createLinkForm>;

export const updateLinkForm = form({
  expires_at: optional(unsettable(either(timestamp(), oneOf(['now'])))),
  metadata: optional(metadata()),
});
export type UpdateLink = ParamsOf<typeof updateLinkForm> & { readonly link: string };
